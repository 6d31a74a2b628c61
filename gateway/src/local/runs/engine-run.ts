/** Runs of the store as the engine takes them. */
import type { PipelineDocument } from 'jupyterlab-kfp-model';

import type { EngineRun } from '../engine/contract.ts';
import type { Run } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { documentOf } from './pipeline-documents.ts';

/** The run as the engine takes it; `document` is the parsed pipeline of the record. */
export function toEngineRun(run: Run, document: PipelineDocument): EngineRun {
  const { cache, interpreter, force } = run.options;
  return {
    runId: run.id,
    name: run.name,
    document,
    parameters: run.parameters,
    createdAt: new Date(run.createdAt).toISOString(),
    scheduledAt: new Date(run.scheduledAt).toISOString(),
    ...(cache === undefined ? {} : { cache }),
    ...(interpreter === undefined ? {} : { interpreter }),
    ...(run.pipelineRoot === '' ? {} : { pipelineRoot: run.pipelineRoot }),
    ...(force === undefined ? {} : { force })
  };
}

/** Load a stored run for the engine, after a restart. */
export function loadEngineRun(
  store: Store,
  runId: string
): EngineRun | undefined {
  const run = store.runs.find(runId);
  if (run === undefined) {
    return undefined;
  }
  const stored = store.documents.get(run.document);
  return stored.format === 'ir'
    ? toEngineRun(run, documentOf(stored))
    : undefined;
}
