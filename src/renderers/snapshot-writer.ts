import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import {
  JSONExt,
  UUID,
  type PartialJSONValue,
  type ReadonlyPartialJSONObject
} from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import {
  isFinalRunState,
  keepUnknownFields,
  RUN_MIME_TYPE,
  type Bundle,
  type buildRunBundle,
  type CellRef,
  type RunEntry,
  type RunKey,
  type RunPayload,
  type RunView
} from 'jupyterlab-kfp-model';

import { parseRunPayload } from '../payload/parse-payload';
import type { RunModel } from '../run/run-model';
import { isHeaderOnly } from '../run/run-picture';
import { placeOfOutput } from './host-notebook';
import type { IRendererServices } from './renderer-services';

/** This page, to the gateway that lets only one of several write. */
const PAGE = UUID.uuid4();

/** Milliseconds that a page waits that did not execute the cell, so that the one that did comes first. */
const PATIENCE = 10_000;

/**
 * Writes what became of the runs into the notebook: once when they have ended while they are watched, and while they go on whenever
 * the notebook is saved, never in between.
 *
 * #### Notes
 * Nothing is written into an untrusted or read-only notebook, nor when the bytes are the same. All three forms are written together, so
 * a viewer without the extension tells the same. Runs that had ended before the notebook was opened are written with its next save, so
 * that opening leaves it clean.
 *
 * Each page that writes makes its copy of the notebook dirty, and of several dirty copies all but the first to be saved meet the question
 * of JupyterLab whether to overwrite a file that changed. So the gateway lets only one of the pages write.
 */
export class SnapshotWriter {
  constructor(options: SnapshotWriter.IOptions) {
    this._output = options.output;
    this._services = options.services;
    this._models = options.models;
    this._model = options.model;
  }

  /** Begin to listen to the notebook that the output stands in. */
  attach(): void {
    this.detach();
    this._panel =
      placeOfOutput(this._output, this._services.tracker)?.panel ?? null;
    this._panel?.context.saveState.connect(this._onSaveState, this);
  }

  /** Stop to listen. */
  detach(): void {
    // a panel that is closed has no context any more
    this._panel?.context?.saveState.disconnect(this._onSaveState, this);
    this._panel = null;
  }

  /** Look whether a run has just ended. */
  onModel(model: RunModel): void {
    const live = model.store?.view;
    if (!live || model.isEndSaved) {
      return;
    }
    this._loadBuilder();
    if (!isFinalRunState(live.run.state)) {
      this._hasSeenThemGo = true;
      this._triedEnd = '';
    }
    const isExecutedHere = this._isExecutedHere;
    const isOver =
      model.isWatching && this._models().every(each => each.isFinal);
    const end = JSON.stringify(this._models().map(endOf));
    if (
      isOver &&
      this._triedEnd !== end &&
      (this._hasSeenThemGo || isExecutedHere || this._isShared)
    ) {
      this._triedEnd = end;
      window.clearTimeout(this._timer);
      this._timer = window.setTimeout(
        () => {
          this._write().catch((reason: unknown) => {
            // the picture stays as it was saved; the next change or save tries again
            this._triedEnd = '';
            console.warn(
              'The end of a run could not be written into the notebook.',
              reason
            );
          });
        },
        isExecutedHere ? 0 : PATIENCE
      );
    }
  }

  /** Stop for good. */
  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this.detach();
  }

  // a run that goes on may be saved at any moment
  private _loadBuilder(): void {
    this._loading ??= import('./bundle-builder').then(
      ({ buildRunBundle }) => {
        this._builder = buildRunBundle;
      },
      (reason: unknown) => {
        this._loading = null; // the next change tries again
        console.warn('The writer of snapshots could not be loaded.', reason);
      }
    );
  }

  // all three forms come from the gateway, which makes the same bytes for the kernel
  private async _write(): Promise<void> {
    const started = this._stored();
    const entries = started && this._liveEntries(started.payload);
    if (!started || !entries || !entries.some(isUnsaved)) {
      return;
    }
    const { client } = this._services.workbench;
    const path = this._panel?.context.path ?? '';
    const ids = started.payload.runs.map(run => run.run_id);
    const claim = { what: [path, ...ids].join('\n'), page: PAGE };
    if (!(await client.mayWrite(claim))) {
      return; // another page has the same notebook and writes it
    }
    const bundle = await client.bundle({
      runs: entries.map(({ key, cell, handle }) => ({
        ...key,
        ...cell,
        handle
      }))
    });
    const now = this._stored();
    // the output may have become another one in the meantime
    const isSame =
      now !== null &&
      JSONExt.deepEqual(
        now.payload as unknown as PartialJSONValue,
        started.payload as unknown as PartialJSONValue
      );
    if (!this._isDisposed && isSame) {
      this._put(now, bundle);
    }
  }

  // the file is made right after this signal, so nothing may be waited for: the bundle is made here, by the same code
  private _onSaveState(_: unknown, state: DocumentRegistry.SaveState): void {
    const stored = state === 'started' ? this._stored() : null;
    if (!stored || this._isShared || !this._builder) {
      return;
    }
    const entries = this._liveEntries(stored.payload);
    // an end whose tasks have not come yet would be written with those of before
    if (!entries?.some(isUnsaved) || entries.some(isHalf)) {
      return;
    }
    const bundle = this._builder({
      entries: entries.map(({ view, cell, handle }) => ({
        view,
        ...cell,
        ...handle
      })),
      now: new Date().toISOString()
    });
    if (hasChanged(stored.payload, bundle)) {
      this._put(stored, bundle);
    }
  }

  private get _isShared(): boolean {
    return this._panel?.content.model?.collaborative ?? false;
  }

  private get _isExecutedHere(): boolean {
    const place = placeOfOutput(this._output, this._services.tracker);
    return place !== null && this._services.executed.has(place.cell);
  }

  /** The output as it stands in the notebook, where it may be written. */
  private _stored(): IStored | null {
    const model = this._model();
    const payload = model && parseRunPayload(model.data[RUN_MIME_TYPE]);
    const isWanted = this._services.settings.current.saveSnapshots !== 'never';
    return model && payload && isWanted && this._mayWrite(model)
      ? { model, payload }
      : null;
  }

  /** The live side of every run; null unless all have one, because a bundle of some would lose the others. */
  private _liveEntries(payload: RunPayload): readonly ILiveEntry[] | null {
    const models = this._models();
    const entries = payload.runs.flatMap((entry): ILiveEntry[] => {
      const model = models.find(
        each => each.saved?.view.run.run_id === entry.run_id
      );
      const { store = null, view = null } = model ?? {};
      return model && store?.view && view
        ? [
            {
              model,
              view,
              live: store.view,
              key: {
                connection: store.key.connection,
                run_id: entry.run_id
              },
              cell: entry.cell ? { cell: entry.cell } : {},
              handle: {
                connection: entry.connection,
                submitted_at: entry.submitted_at,
                ...(entry.sdk ? { sdk: entry.sdk } : {})
              }
            }
          ]
        : [];
    });
    return entries.length === payload.runs.length && !payload.runs_more
      ? entries
      : null;
  }

  private _put({ model, payload }: IStored, bundle: Bundle): void {
    const data = {
      ...model.data,
      ...keepUnknownFields(bundle, payload)
    } as ReadonlyPartialJSONObject;
    if (!JSONExt.deepEqual(data, model.data)) {
      model.setData({ data });
    }
  }

  private _mayWrite(model: IRenderMime.IMimeModel): boolean {
    return (
      model.trusted &&
      this._panel !== null &&
      !this._panel.content.model?.readOnly &&
      // a file that may not be written keeps what it holds, and its notebook stays clean
      this._panel.context.contentsModel?.writable !== false
    );
  }

  private readonly _output: Widget;
  private readonly _services: IRendererServices;
  private readonly _models: () => readonly RunModel[];
  private readonly _model: () => IRenderMime.IMimeModel | null;
  private _panel: NotebookPanel | null = null;
  private _builder: typeof buildRunBundle | null = null;
  private _loading: Promise<void> | null = null;
  private _timer = 0;
  private _hasSeenThemGo = false;
  /** The end that was written, or that another page writes. */
  private _triedEnd = '';
  private _isDisposed = false;
}

/** An output that may be written. */
interface IStored {
  readonly model: IRenderMime.IMimeModel;
  readonly payload: RunPayload;
}

/** A run of the output with its live side. */
interface ILiveEntry {
  readonly model: RunModel;
  /** The picture, with the tasks known last where the newest came without. */
  readonly view: RunView;
  /** The newest picture as it came. */
  readonly live: RunView;
  readonly key: RunKey;
  readonly cell: { readonly cell?: CellRef };
  /** What the notebook says of the run already, which never changes. */
  readonly handle: Pick<RunEntry, 'connection' | 'submitted_at' | 'sdk'>;
}

/** What tells one end of a run from the one after a retry. */
function endOf({ view }: RunModel): readonly (string | undefined)[] {
  return [view?.run.state, view?.run.finished_at];
}

/** Whether the notebook does not hold the end of the run. */
function isUnsaved({ model }: ILiveEntry): boolean {
  return !model.isEndSaved;
}

/** Whether a run ended of which only the header is known yet. */
function isHalf({ model, live }: ILiveEntry): boolean {
  return model.isFinal && !model.isEndSaved && isHeaderOnly(live);
}

/** Whether a bundle tells more than that time went by. */
function hasChanged(old: RunPayload, bundle: Bundle): boolean {
  // a file does not keep the order of keys, so texts cannot be compared
  const timeless = (payload: unknown): PartialJSONValue =>
    JSON.parse(
      JSON.stringify(payload, (key, value: unknown) =>
        key === 'observed_at' ? undefined : value
      )
    ) as PartialJSONValue;
  return !JSONExt.deepEqual(timeless(old), timeless(bundle[RUN_MIME_TYPE]));
}

/** Options of the writer. */
export namespace SnapshotWriter {
  export interface IOptions {
    /** The widget of the output. */
    readonly output: Widget;
    readonly services: IRendererServices;
    /** The runs of the output. */
    readonly models: () => readonly RunModel[];
    /** The output as the notebook holds it. */
    readonly model: () => IRenderMime.IMimeModel | null;
  }
}
