/** Many runs of one service whose headers are polled: one call for all of them instead of one for each. */
import type { RunView } from 'jupyterlab-kfp-model';

import type { RunSource } from '../upstream/source.ts';

/** Runs up to which each is asked for by itself. */
const FEW = 5;
/** Runs in one call; a service gives no more rows at once. */
const MOST = 200;

/** A run that is watched. */
export interface ListedRun {
  readonly runId: string;
  /** Whether its header is what is looked at, and can still change. */
  readonly isPolled: () => boolean;
  /** Take a header that another one's look brought along. */
  readonly take: (view: RunView) => void;
}

export class HeaderLists {
  private readonly _lists = new WeakMap<RunSource, HeaderList>();

  of(source: RunSource): HeaderList {
    let list = this._lists.get(source);
    if (list === undefined) {
      list = new HeaderList(source);
      this._lists.set(source, list);
    }
    return list;
  }
}

export class HeaderList {
  private readonly _source: RunSource;
  private readonly _runs = new Set<ListedRun>();
  private _asked: Promise<ReadonlyMap<string, RunView>> | undefined;

  constructor(source: RunSource) {
    this._source = source;
  }

  /** Count a run among those of the service until the returned function is called. */
  add(run: ListedRun): () => void {
    this._runs.add(run);
    return () => this._runs.delete(run);
  }

  /** The header of a run. What comes along with it is handed to the others. */
  async header(runId: string): Promise<RunView> {
    const polled = [...this._runs].filter(run => run.isPolled());
    const view =
      polled.length > FEW && polled.length <= MOST
        ? (await this._all(polled)).get(runId)
        : undefined;
    // a service that lists nothing of the kind still answers for the run itself
    return view ?? this._source.getRun(runId, 'header');
  }

  private _all(
    runs: readonly ListedRun[]
  ): Promise<ReadonlyMap<string, RunView>> {
    this._asked ??= this._ask(runs).finally(() => {
      this._asked = undefined;
    });
    return this._asked;
  }

  private async _ask(
    runs: readonly ListedRun[]
  ): Promise<ReadonlyMap<string, RunView>> {
    let views: readonly RunView[] = [];
    try {
      views =
        (await this._source.getHeaders?.(runs.map(run => run.runId))) ?? [];
    } catch {
      // each run is asked for by itself then, and tells what is wrong
    }
    const found = new Map(views.map(view => [view.run.run_id, view]));
    for (const run of runs) {
      const view = found.get(run.runId);
      if (view !== undefined) {
        run.take(view);
      }
    }
    return found;
  }
}
