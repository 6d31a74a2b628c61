/** Pages of the lists that a KFP 2 service keeps. */
import type { ListQuery } from '../source.ts';
import { API, type Rest } from './rest.ts';
import { fields, text, type Fields } from './wire-fields.ts';

/** One page of a list: the newest first, unless the query says otherwise. */
export async function readPage(
  rest: Rest,
  what: string,
  query: ListQuery
): Promise<Fields> {
  const search = new URLSearchParams({
    page_size: String(query.page_size ?? 20),
    sort_by: query.sort_by ?? 'created_at desc'
  });
  for (const name of [
    'page_token',
    'filter',
    'namespace',
    'experiment_id'
  ] as const) {
    const value = query[name];
    if (value !== undefined && value !== '') {
      search.set(name, value);
    }
  }
  return fields(await rest.json(`${API}/${what}?${search.toString()}`));
}

/** The entries of a page, which the service leaves out when there are none. */
export function rows(page: Fields, name: string): readonly Fields[] {
  const list = page[name];
  return Array.isArray(list) ? (list as unknown[]).map(fields) : [];
}

/** What comes after a page, and how many entries there are, where the service says so. */
export function paging(page: Fields): {
  next_page_token?: string;
  total_size?: number;
} {
  const token = text(page['next_page_token'] ?? page['nextPageToken']);
  return {
    ...(token === '' ? {} : { next_page_token: token }),
    ...(typeof page['total_size'] === 'number'
      ? { total_size: page['total_size'] }
      : {})
  };
}
