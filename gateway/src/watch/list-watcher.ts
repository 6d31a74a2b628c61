/** What a watcher of a list of runs looks at. */
import type { RunsPage, RunsQuery } from 'jupyterlab-kfp-model';

import type { RunSource } from '../upstream/source.ts';
import { MAX_PART } from './merge-parts.ts';
import type { WatchSources } from './sources.ts';
import type { WatchTarget } from './watched.ts';

const DEFAULT_SIZE = 20;

export function listTarget(
  sources: WatchSources,
  query: RunsQuery
): WatchTarget<RunsPage> {
  return {
    canBeGone: false,
    isFinal: () => false,
    bornAt: () => undefined,
    resolve: () => {
      const source = sources.source(query.connection);
      if (source === undefined) {
        return undefined;
      }
      return {
        identity: source,
        fetch: () => fetchPage(source, query),
        ...(source.onChange === undefined
          ? {}
          : {
              listen: listener =>
                source.onChange?.(() => listener()) ?? (() => undefined)
            })
      };
    }
  };
}

/** A page whose rows fit in one frame, because a merge patch replaces a list as a whole: a page that does not is asked for again, shorter. */
async function fetchPage(
  source: RunSource,
  query: RunsQuery
): Promise<RunsPage> {
  for (
    let size = query.page_size ?? DEFAULT_SIZE;
    ;
    size = Math.ceil(size / 2)
  ) {
    const page = await source.listRuns({
      page_size: size,
      ...(query.namespace === undefined ? {} : { namespace: query.namespace }),
      ...(query.filter === undefined
        ? {}
        : { filter: JSON.stringify(query.filter) })
    });
    if (size <= 1 || Buffer.byteLength(JSON.stringify(page)) <= MAX_PART) {
      return page;
    }
  }
}
