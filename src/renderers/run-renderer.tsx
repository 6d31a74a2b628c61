import '../../style/view.css';

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import {
  RUN_MIME_TYPE,
  type CellRef,
  type RunEntry,
  type RunPayload
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { parseRunPayload } from '../payload/parse-payload';
import type { IRunEnvironment } from '../run/environment';
import { RunModel } from '../run/run-model';
import { RunsOutput } from '../run/runs-output';
import { SeenWidget } from '../run/seen-widget';
import type { DriftWatcher } from './drift-watcher';
import { lineInCells, placeOfOutput } from './host-notebook';
import { openInTab } from './open-in-tab';
import { outputEnvironment, type OutputActions } from './output-environment';
import { PlaceSight } from './place-sight';
import { PlainOutput } from './plain-output';
import type { IRendererServices } from './renderer-services';
import { savedRun } from './saved-run';
import { SnapshotWriter } from './snapshot-writer';

/** Milliseconds after which a detached output stops to watch: notebooks detach what is scrolled out of sight. */
const PATIENCE = 5000;

/**
 * Draws the runs of an output: at once from what is saved, then live.
 *
 * #### Notes
 * `renderModel` comes again with every change of the output, also those made here; it only brings the models up to date. An untrusted
 * output contacts nothing until the reader asks for it.
 */
export class RunRenderer extends SeenWidget implements IRenderMime.IRenderer {
  constructor(services: IRendererServices) {
    super();
    this._services = services;
    this._writer = new SnapshotWriter({
      output: this,
      services,
      models: () => this._models,
      model: () => this._model
    });
  }

  /** Bring the picture up to date with the output. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._model = model;
    this._payload = parseRunPayload(model.data[RUN_MIME_TYPE]);
    this._takeEntries(this._payload);
    this._hold();
    this._environment = this._makeEnvironment();
    if (this.isAttached) {
      this._connect();
    }
    this.update();
    await this.renderPromise;
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    window.clearTimeout(this._releaseTimer);
    this._stopLooking();
    this._services.workbench.connections.changed.disconnect(
      this._connect,
      this
    );
    this._writer.dispose();
    this._drift?.detach();
    this._models.forEach(model => model.dispose());
    this._models = [];
    super.dispose();
  }

  protected override render(): JSX.Element | null {
    if (!this._model || !this._environment) {
      return null;
    }
    return this._payload ? (
      <RunsOutput models={this._models} environment={this._environment} />
    ) : (
      <PlainOutput
        trans={this._services.trans}
        data={this._model.data}
        mimeType={RUN_MIME_TYPE}
      />
    );
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    window.clearTimeout(this._releaseTimer);
    this._sight.begin();
    if (this._model) {
      this._environment = this._makeEnvironment();
      this.update();
    }
    this._writer.attach();
    void this._watchDrift();
    this._connect();
  }

  protected override onBeforeDetach(msg: Message): void {
    this._stopLooking();
    this._releaseTimer = window.setTimeout(
      () => this._models.forEach(model => model.unwatch()),
      PATIENCE
    );
    this._writer.detach();
    this._drift?.detach();
    super.onBeforeDetach(msg);
  }

  private _takeEntries(payload: RunPayload | null): void {
    const entries = payload?.runs ?? [];
    const kept = new Map(
      this._models.map(model => [model.saved?.view.run.run_id, model])
    );
    this._models = entries.map(entry => {
      const saved = savedRun(entry, payload);
      const known = kept.get(entry.run_id);
      if (known) {
        kept.delete(entry.run_id);
        known.setSaved(saved);
        return known;
      }
      return this._newModel(entry, saved);
    });
    kept.forEach(model => model.dispose());
  }

  private _newModel(
    entry: RunEntry,
    saved: NonNullable<RunModel['saved']>
  ): RunModel {
    const { widgetTab } = this._services.settings.current;
    const model = new RunModel({
      saved,
      isRow: (this._payload?.runs.length ?? 0) > 1,
      choices: widgetTab === 'auto' ? {} : { tab: widgetTab },
      lineInCell: ({ source }) => {
        const place = placeOfOutput(this, this._services.tracker);
        return source && place ? lineInCells(place, source, entry.cell) : null;
      }
    });
    model.changed.connect(() => {
      this._writer.onModel(model);
      this._letGo(model);
    });
    return model;
  }

  // comparing cells is not needed for the first picture
  private async _watchDrift(): Promise<void> {
    const { DriftWatcher } = await import('./drift-watcher');
    if (!this.isAttached || this.isDisposed) {
      return;
    }
    this._drift ??= new DriftWatcher({
      runs: () =>
        this._models.map(model => ({
          model,
          cell: this._cellOf(model),
          pipeline: model.saved?.view.run.pipeline
        }))
    });
    this._drift.attach(placeOfOutput(this, this._services.tracker));
  }

  private _cellOf(model: RunModel): CellRef | undefined {
    const id = model.saved?.view.run.run_id;
    return this._payload?.runs.find(entry => entry.run_id === id)?.cell;
  }

  // one after another: which connection, whether it may be asked at all, then looking
  private _connect(): void {
    const { connections, runs } = this._services.workbench;
    if (this.isDisposed || !this._mayAsk || this._models.length === 0) {
      return;
    }
    connections.changed.disconnect(this._connect, this);
    for (const model of this._models) {
      const run = model.saved?.view.run;
      if (!run || model.store) {
        continue;
      }
      const name = connections.resolve(run.connection);
      if (name === undefined) {
        connections.open();
        connections.changed.connect(this._connect, this);
      } else if (name === null) {
        model.block({
          state: 'unknown-connection',
          since: new Date().toISOString()
        });
        connections.changed.connect(this._connect, this);
      } else {
        model.setStore(runs.get({ connection: name, run_id: run.run_id }));
      }
    }
    this._look();
  }

  private async _chooseConnection(model: RunModel): Promise<void> {
    const run = model.saved?.view.run;
    if (run) {
      const { workbench, trans } = this._services;
      const { chooseConnection } =
        await import('../connections/choose-connection');
      model.notice = await chooseConnection({ run, trans, ...workbench });
    }
  }

  private _stopLooking(): void {
    this._sight.end();
    this._models.forEach(model => model.isWatching && model.watch(false));
  }

  /** An output of a notebook that the reader does not trust contacts nothing until the reader asks for it. */
  private get _mayAsk(): boolean {
    return this._model?.trusted === true || this._isAskedFor;
  }

  private _hold(): void {
    for (const model of this._models) {
      model.isHeld = !this._mayAsk;
    }
  }

  // a run that goes on is watched wherever it stands, so that its end gets into the file; one that ended is checked when it is seen
  private readonly _look = (): void => {
    if (!this.isAttached || !this._mayAsk) {
      return;
    }
    for (const model of this._models) {
      if (
        model.store &&
        !model.isDetachedByReader &&
        (this._sight.isSeen || model.isWatching || !model.isFinal)
      ) {
        model.watch(this._sight.isSeen);
        this._letGo(model);
      }
    }
  };

  // nothing more comes of a run that ended and is written down; the next look at it asks again
  private _letGo(model: RunModel): void {
    if (
      !this._sight.isSeen &&
      model.isWatching &&
      model.isFinal &&
      model.isEndSaved
    ) {
      model.unwatch();
    }
  }

  private _makeEnvironment(): IRunEnvironment {
    const actions: OutputActions = {
      connect: () => {
        this._isAskedFor = true;
        this._hold();
        this._connect();
      },
      chooseConnection: model => void this._chooseConnection(model),
      openInTab: (key, tab, task) =>
        void openInTab(this._services, this._models, {
          ...key,
          ...(tab ? { tab } : {}),
          ...(task ? { task } : {})
        }),
      sources: model => this._drift?.sources(this._cellOf(model)) ?? []
    };
    return outputEnvironment(this._services, actions, {
      trusted: this._model?.trusted === true,
      place: this.isAttached
        ? placeOfOutput(this, this._services.tracker)
        : null
    });
  }

  private readonly _services: IRendererServices;
  private readonly _writer: SnapshotWriter;
  private readonly _sight = new PlaceSight(this.node, () => this._look());
  private _drift: DriftWatcher | null = null;
  private _model: IRenderMime.IMimeModel | null = null;
  private _payload: RunPayload | null = null;
  private _models: readonly RunModel[] = [];
  private _environment: IRunEnvironment | null = null;
  private _isAskedFor = false;
  private _releaseTimer = 0;
}
