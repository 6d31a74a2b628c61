/** What a watcher of one run looks at. */
import {
  isFinalRunState,
  type RunKey,
  type RunView
} from 'jupyterlab-kfp-model';

import type { HeaderLists } from './header-lists.ts';
import { withoutHugeLeaves } from './merge-parts.ts';
import type { WatchSources } from './sources.ts';
import type { WatchTarget } from './watched.ts';

export function runTarget(
  sources: WatchSources,
  key: RunKey,
  lists: HeaderLists
): WatchTarget<RunView> {
  return {
    canBeGone: true,
    header: headerOnly,
    isFinal: view => isFinalRunState(view.run.state),
    bornAt: view => timeOf(view.run.created_at),
    resolve: () => {
      const source = sources.source(key.connection);
      if (source === undefined) {
        return undefined;
      }
      return {
        identity: source,
        fetch: async detail =>
          fit(
            detail === 'header' && source.getHeaders !== undefined
              ? await lists.of(source).header(key.run_id)
              : await source.getRun(key.run_id, detail)
          ),
        ...(source.getHeaders === undefined
          ? {}
          : {
              share: (isPolled, take) =>
                lists.of(source).add({
                  runId: key.run_id,
                  isPolled,
                  take: view => take(fit(view))
                })
            }),
        ...(source.onChange === undefined
          ? {}
          : {
              listen: listener =>
                source.onChange?.(runId => {
                  if (runId === key.run_id) {
                    listener();
                  }
                }) ?? (() => undefined)
            })
      };
    }
  };
}

/** The part of a view that detail `header` shows. */
function headerOnly(view: RunView): RunView {
  return { ...view, tasks: {}, graph: undefined };
}

/** A view whose every value fits in a frame; what had to go is said among the warnings. */
function fit(view: RunView): RunView {
  const { view: fitting, cut } = withoutHugeLeaves(view);
  return cut.length === 0
    ? view
    : {
        ...fitting,
        warnings: [
          ...fitting.warnings,
          ...cut.map(place => `Too large to be shown here: ${place}.`)
        ]
      };
}

function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
