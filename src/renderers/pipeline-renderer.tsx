import '../../style/view.css';

import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import {
  PIPELINE_MIME_TYPE,
  type PipelinePayload,
  type PlanAnswer
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { GatewayError } from '../gateway/gateway-error';
import { parsePipelinePayload } from '../payload/parse-payload';
import { LazyPipelineView } from '../pipeline/lazy-pipeline-view';
import type { IRunEnvironment } from '../run/environment';
import { SeenWidget } from '../run/seen-widget';
import { PlainOutput } from './plain-output';
import type { IRendererServices } from './renderer-services';

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
        planDraft: digest => this._plan(digest)
      },
      layout: 'cell',
      trusted: this._model.trusted,
      rendermime,
      logLines: settings.current.logLines
    };
    return (
      <LazyPipelineView pipeline={this._payload} environment={environment} />
    );
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
}
