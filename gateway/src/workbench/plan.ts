/** Plans: what a run would do, before anything is sent. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import {
  buildPipelineBundle,
  comparePipelines,
  parameterValues,
  parsePipelineText,
  plannedTasks,
  type Json,
  type PipelineDocument,
  type PlanAnswer,
  type SubmitRequest
} from 'jupyterlab-kfp-model';

import { ProblemError } from '../problem.ts';
import type { RunSource } from '../upstream/source.ts';
import { readCompiled } from './compiled-text.ts';
import * as schemas from './schemas.ts';
import type { Workbench } from './workbench.ts';

/** Runs that are looked through for an earlier one of the same pipeline. */
const LOOK_BACK = 100;

export const planRoutes =
  (workbench: Workbench): FastifyPluginAsyncTypebox =>
  async app => {
    app.post(
      '/connections/:connection/plan',
      { schema: { params: schemas.ConnectionPath, body: schemas.Submit } },
      async (request): Promise<PlanAnswer> =>
        planOf(
          workbench,
          request.params.connection,
          request.body as SubmitRequest
        )
    );
  };

async function planOf(
  workbench: Workbench,
  connection: string,
  submit: SubmitRequest
): Promise<PlanAnswer> {
  const source = workbench.source(connection);
  const target = workbench.registry.info(connection);
  const text = await textOf(workbench, source, submit);
  const parsed = readCompiled(text);
  if (parsed.format === 'argo' || target === undefined) {
    throw new ProblemError(
      'bad-pipeline',
      'An Argo workflow (KFP v1) has no plan: compile it with kfp 2.'
    );
  }
  const { document } = parsed;
  const given = (submit.parameters ?? {}) as Readonly<Record<string, Json>>;
  const known = await source.plan?.({
    ...submit,
    name: submit.name ?? 'plan'
  });
  const lastRun = await differenceToLastRun(source, document);
  return {
    target,
    ...(submit.namespace === undefined ? {} : { namespace: submit.namespace }),
    experiment: submit.experiment ?? 'Default',
    pipeline: buildPipelineBundle({
      pipeline: parsed,
      digest: workbench.texts.put(text),
      size: Buffer.byteLength(text),
      ...(submit.sdk === undefined ? {} : { sdk: submit.sdk }),
      ...(submit.cell === undefined ? {} : { cell: submit.cell })
    }).payload,
    parameters: parameterValues(document.spec, given).map(
      ({ name, json, origin }) => ({
        name,
        origin: origin === 'given' ? 'given' : 'default',
        ...(json === undefined ? {} : { json })
      })
    ),
    tasks: known?.tasks ?? plannedTasks(document, submit.cache),
    warnings: known?.warnings ?? [],
    refusals: known?.refusals ?? [],
    ...(lastRun === undefined ? {} : { last_run: lastRun })
  };
}

/** The compiled text, wherever the request says that it is. */
async function textOf(
  workbench: Workbench,
  source: RunSource,
  { pipeline }: SubmitRequest
): Promise<string> {
  if ('text' in pipeline) {
    return pipeline.text;
  }
  if ('digest' in pipeline) {
    return workbench.texts.need(pipeline.digest);
  }
  if (source.versionText === undefined) {
    throw new ProblemError(
      'bad-request',
      'This connection cannot plan stored pipelines.',
      { fix: 'Give the compiled pipeline.' }
    );
  }
  return source.versionText(pipeline.pipeline_id, pipeline.version_id);
}

/** How the pipeline differs from what its newest run had. A service that does not answer is no reason to have no plan. */
async function differenceToLastRun(
  source: RunSource,
  document: PipelineDocument
): Promise<PlanAnswer['last_run']> {
  const { name } = document.spec.pipelineInfo;
  try {
    const { runs } = await source.listRuns({ page_size: LOOK_BACK });
    const last = runs.find(run => run.pipeline.name === name);
    if (last === undefined) {
      return undefined;
    }
    const parsed = parsePipelineText(await source.pipelineText(last.run_id));
    return parsed.format === 'ir'
      ? { run_id: last.run_id, ...comparePipelines(parsed.document, document) }
      : undefined;
  } catch (error) {
    if (error instanceof ProblemError) {
      return undefined;
    }
    throw error;
  }
}
