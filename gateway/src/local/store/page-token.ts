/** Page tokens: opaque to clients, base64 of JSON as on the API server, so that broken ones fail with the same words. */
import { invalidInputBecause } from './service-error.ts';

/** Where the next page begins: the sort key, its value and the id of the first row there. */
export interface PageToken {
  readonly sort: string;
  readonly value: string | number;
  readonly id: string;
  /** Text of the filter, '' for none. */
  readonly filter: string;
}

const BASE64 = /^[A-Za-z0-9+/]$/;

export function encodePageToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token), 'utf8').toString('base64');
}

/** Throws the `Invalid page token` error for anything that `encodePageToken` did not make. */
export function decodePageToken(text: string): PageToken {
  const wrong = firstWrongByte(text);
  if (wrong !== undefined) {
    throw invalidInputBecause(
      'Invalid page token',
      `illegal base64 data at input byte ${wrong}`
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    throw invalidInputBecause('Invalid page token', 'it holds no JSON');
  }
  if (!isPageToken(value)) {
    throw invalidInputBecause('Invalid page token', 'a part is missing');
  }
  return value;
}

function isPageToken(value: unknown): value is PageToken {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sort' in value &&
    typeof value.sort === 'string' &&
    'value' in value &&
    (typeof value.value === 'string' || typeof value.value === 'number') &&
    'id' in value &&
    typeof value.id === 'string' &&
    'filter' in value &&
    typeof value.filter === 'string'
  );
}

/** The byte that Go's decoder would name: a foreign character, or the start of an incomplete group. */
function firstWrongByte(text: string): number | undefined {
  const body = text.replace(/={1,2}$/, '');
  for (let at = 0; at < body.length; at++) {
    if (!BASE64.test(body.charAt(at))) {
      return at;
    }
  }
  return text.length % 4 === 0 ? undefined : Math.floor(text.length / 4) * 4;
}
