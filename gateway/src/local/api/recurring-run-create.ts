/** Making and removing recurring runs, for both APIs (`resource_manager.go` CreateJob). */
import { randomBytes, randomUUID } from 'node:crypto';

import type { Json } from 'jupyterlab-kfp-model';

import { typedParameters } from '../runs/typed-parameters.ts';
import { checkRunParameters } from '../runs/pipeline-checks.ts';
import {
  resolvePipeline,
  type PipelineOrigin
} from '../runs/resolve-pipeline.ts';
import { refuseArgo } from '../runs/submit-run.ts';
import { resourceName } from '../schedules/scheduler.ts';
import type { RecurringRun, Trigger } from '../store/recurring-runs.ts';
import { isActive } from '../store/runs.ts';
import { notFound, wrapping } from '../store/service-error.ts';
import type { Store } from '../store/store.ts';
import type { RouteContext } from './route-context.ts';

/** What the server answers in single-user mode. */
export const NAMESPACE = 'kubeflow';

/** A recurring run to be made; name and trigger are checked. */
export interface NewRecurringRun {
  readonly name: string;
  readonly description: string;
  /** '' = the default experiment. */
  readonly experimentId: string;
  readonly origin: PipelineOrigin;
  readonly parameters: Readonly<Record<string, Json>>;
  readonly pipelineRoot: string;
  readonly serviceAccount: string;
  readonly maxConcurrency: number;
  readonly trigger: Trigger;
  readonly enabled: boolean;
  readonly noCatchup: boolean;
  readonly api: 'v1' | 'v2';
}

export function createRecurringRun(
  store: Store,
  wanted: NewRecurringRun
): RecurringRun {
  return wrapping('Failed to create a recurring run', () => {
    const { origin } = wanted;
    const experiment =
      wanted.experimentId === ''
        ? store.experiments.ensureDefault()
        : store.experiments.find(wanted.experimentId);
    if (experiment === undefined) {
      throw notFound('Experiment', wanted.experimentId).wrap(
        `Failed to fetch namespace from experiment ${wanted.experimentId}`
      );
    }
    const resolved = resolvePipeline(store, origin, 'recurring run');
    const latest = origin.kind === 'version' && origin.versionId === '';
    const { document } = resolved.pipeline;
    if (document === undefined) {
      throw refuseArgo(resolved.pipeline, wanted.parameters);
    }
    const parameters =
      wanted.api === 'v1'
        ? typedParameters(document, wanted.parameters)
        : wanted.parameters;
    wrapping(
      latest
        ? 'Failed to validate the input parameters on the latest pipeline version'
        : 'Failed to generate the ExecutionSpec: invalid pipeline job inputs',
      () => checkRunParameters(document, parameters)
    );
    const id = randomUUID();
    const now = store.now();
    return store.database.transaction(() => {
      store.recurringRuns.insert({
        id,
        resourceName: resourceName(wanted.name, randomBytes(3).toString('hex')),
        displayName: wanted.name,
        description: wanted.description,
        experimentId: experiment.id,
        pipelineId: resolved.pipelineId,
        pipelineVersionId: latest ? '' : resolved.versionId,
        serviceAccount:
          wanted.serviceAccount ||
          // The server fills it only where it compiles the pipeline now.
          (latest ? '' : 'pipeline-runner'),
        maxConcurrency: wanted.maxConcurrency,
        enabled: wanted.enabled,
        noCatchup: wanted.noCatchup,
        createdAt: now,
        updatedAt: now,
        fired: 0,
        lastFireAt: 0,
        api: wanted.api,
        trigger: wanted.trigger,
        parameters,
        pipelineRoot: wanted.pipelineRoot,
        ...(origin.kind === 'version'
          ? {}
          : { document: store.documents.put(resolved.pipeline.stored) })
      });
      return store.recurringRuns.get(id);
    });
  });
}

/** Switch a recurring run on or off. */
export function setRecurringRunEnabled(
  { store }: RouteContext,
  id: string,
  enabled: boolean
): void {
  wrapping(
    `Failed to change recurring run's mode to enable:${String(enabled)}. Check if recurring run ${id} exists`,
    () => store.recurringRuns.setEnabled(id, enabled)
  );
}

/** Remove a recurring run; its active runs are stopped unless they are to be orphaned. */
export function deleteRecurringRun(
  { store, actions }: RouteContext,
  id: string,
  orphan: boolean
): void {
  wrapping(`Failed to delete recurring run ${id}. Check if exists`, () =>
    store.recurringRuns.delete(id)
  );
  if (orphan) {
    return;
  }
  for (const run of store.runs.active()) {
    if (
      run.recurringRunId === id &&
      isActive(run.state) &&
      run.state !== 'CANCELING'
    ) {
      actions.terminate(run.id);
    }
  }
}
