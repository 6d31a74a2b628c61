import '../../style/view.css';

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { Message } from '@lumino/messaging';
import {
  PIPELINE_MIME_TYPE,
  type PipelinePayload,
  type PlanAnswer
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import type { ICellRun } from '../history/cell-runs';
import { GatewayError } from '../gateway/gateway-error';
import { parsePipelinePayload } from '../payload/parse-payload';
import { LazyPipelineView } from '../pipeline/lazy-pipeline-view';
import type { IRunEnvironment } from '../run/environment';
import type { Drift } from '../run/run-choices';
import { SeenWidget } from '../run/seen-widget';
import type { DriftWatcher } from './drift-watcher';
import { placeOfOutput } from './host-notebook';
import { PlainOutput } from './plain-output';
import type { IRendererServices } from './renderer-services';

/** How the cell stands to its pipeline; told to the picture when it changes. */
class DraftMark {
  constructor(private readonly _onChanged: () => void) {}

  history: readonly ICellRun[] = [];

  get drift(): Drift {
    return this._drift;
  }
  set drift(drift: Drift) {
    if (this._drift !== drift) {
      this._drift = drift;
      this._onChanged();
    }
  }

  private _drift: Drift = null;
}

/** Draws a pipeline that a cell defined and that was not sent. */
export class PipelineRenderer
  extends SeenWidget
  implements IRenderMime.IRenderer
{
  constructor(services: IRendererServices) {
    super();
    this._services = services;
  }

  /** Bring the picture up to date with the output. */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._model = model;
    this._payload = parsePipelinePayload(model.data[PIPELINE_MIME_TYPE]);
    this.update();
    await this.renderPromise;
  }

  protected override render(): JSX.Element | null {
    const { trans, workbench, rendermime, settings, commands } = this._services;
    if (!this._model) {
      return null;
    }
    if (!this._payload) {
      return (
        <PlainOutput
          trans={trans}
          data={this._model.data}
          mimeType={PIPELINE_MIME_TYPE}
        />
      );
    }
    const environment: IRunEnvironment = {
      trans,
      clock: workbench.clock,
      sizes: workbench.sizes,
      host: {
        runDraft: digest => {
          void commands.execute(CommandIDs.newRun, { digest });
        },
        planDraft: digest => this._plan(digest),
        draftText: digest => workbench.client.pipelineText(digest)
      },
      layout: 'cell',
      trusted: this._model.trusted,
      rendermime,
      logLines: settings.current.logLines
    };
    return (
      <LazyPipelineView
        pipeline={this._payload}
        environment={environment}
        drift={this._mark.drift}
      />
    );
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    void this._watchDrift();
  }

  protected override onBeforeDetach(msg: Message): void {
    this._drift?.detach();
    super.onBeforeDetach(msg);
  }

  // comparing cells is not needed for the first picture
  private async _watchDrift(): Promise<void> {
    const { DriftWatcher } = await import('./drift-watcher');
    if (!this.isAttached || this.isDisposed) {
      return;
    }
    this._drift ??= new DriftWatcher({
      runs: () => [{ model: this._mark, cell: this._payload?.cell }]
    });
    this._drift.attach(placeOfOutput(this, this._services.tracker));
  }

  private async _plan(digest: string): Promise<PlanAnswer | string> {
    const { client, connections } = this._services.workbench;
    const { trans } = this._services;
    try {
      return await client.plan(connections.current?.name ?? 'local', {
        pipeline: { digest }
      });
    } catch (reason) {
      if (reason instanceof GatewayError) {
        return reason.code === 'not-found'
          ? trans.__('Run the cell again to plan its pipeline.')
          : reason.message;
      }
      throw reason;
    }
  }

  private readonly _services: IRendererServices;
  private _model: IRenderMime.IMimeModel | null = null;
  private _payload: PipelinePayload | null = null;
  private _drift: DriftWatcher | null = null;
  private readonly _mark = new DraftMark(() => this.update());
}
