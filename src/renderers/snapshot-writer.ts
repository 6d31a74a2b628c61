import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { JSONExt, type ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import { RUN_MIME_TYPE } from 'jupyterlab-kfp-model';

import { parseRunPayload } from '../payload/parse-payload';
import type { RunModel } from '../run/run-model';
import { placeOfOutput } from './host-notebook';
import type { IRendererServices } from './renderer-services';

/** Milliseconds that a client of a shared notebook waits, so that usually only one writes. */
const PATIENCE = 10_000;

/**
 * Writes what became of the runs into the notebook once, when they have ended while they are shown.
 *
 * #### Notes
 * Nothing is written into an untrusted or read-only notebook, nor when the bytes are the same. All three forms are written together, so
 * a viewer without the extension tells the same.
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
  }

  /** Stop to listen. */
  detach(): void {
    this._panel = null;
  }

  /** Look whether a run has just ended. */
  onModel(model: RunModel): void {
    const live = model.store?.view;
    const haveEnded = this._models().every(each => each.isFinal);
    if (!live || !model.isWatching || !haveEnded || model.saved?.final) {
      return;
    }
    if (
      this._services.settings.current.saveSnapshots === 'never' ||
      this._timer !== 0
    ) {
      return;
    }
    const isShared = this._panel?.content.model?.collaborative ?? false;
    this._timer = window.setTimeout(
      () => {
        this._timer = 0;
        this._write().catch((reason: unknown) => {
          // the picture stays as it was saved; the next opening tries again
          console.warn(
            'The end of a run could not be written into the notebook.',
            reason
          );
        });
      },
      isShared ? Math.random() * PATIENCE : 0
    );
  }

  /** Stop for good. */
  dispose(): void {
    this._isDisposed = true;
    window.clearTimeout(this._timer);
    this.detach();
  }

  // all three forms come from the gateway, which makes the same bytes for the kernel
  private async _write(): Promise<void> {
    const model = this._model();
    const payload = model && parseRunPayload(model.data[RUN_MIME_TYPE]);
    const started = model?.data[RUN_MIME_TYPE];
    const models = this._models();
    if (!model || !payload || !this._mayWrite(model)) {
      return;
    }
    const runs = payload.runs.flatMap(entry => {
      const live = models.find(
        each => each.saved?.view.run.run_id === entry.run_id
      )?.store;
      return live
        ? [
            {
              connection: live.key.connection,
              run_id: entry.run_id,
              ...(entry.cell ? { cell: entry.cell } : {})
            }
          ]
        : [];
    });
    if (runs.length < payload.runs.length) {
      return; // a bundle of some runs would lose the others
    }
    const bundle = await this._services.workbench.client.bundle({ runs });
    const now = this._model();
    const isSame = now !== null && now.data[RUN_MIME_TYPE] === started;
    if (this._isDisposed || !now || !isSame || !this._mayWrite(now)) {
      return; // the output became another one in the meantime
    }
    const data = { ...now.data, ...bundle } as ReadonlyPartialJSONObject;
    if (!JSONExt.deepEqual(data, now.data)) {
      now.setData({ data });
    }
  }

  private _mayWrite(model: IRenderMime.IMimeModel): boolean {
    return (
      model.trusted &&
      this._panel !== null &&
      !this._panel.content.model?.readOnly
    );
  }

  private readonly _output: Widget;
  private readonly _services: IRendererServices;
  private readonly _models: () => readonly RunModel[];
  private readonly _model: () => IRenderMime.IMimeModel | null;
  private _panel: NotebookPanel | null = null;
  private _timer = 0;
  private _isDisposed = false;
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
