/** Placeholders inside constants: facts about the run, and other inputs of the same task (f-strings). */
import type { Json } from 'jupyterlab-kfp-model';
import { valueText } from 'jupyterlab-kfp-model';

/** Facts that `{{$.…}}` placeholders of a whole run stand for. */
export interface RunFacts {
  readonly runId: string;
  readonly runName: string;
  /** `{{$.pipeline_job_resource_name}}`. */
  readonly resourceName: string;
  /** Absolute folder of the run's artifacts. */
  readonly pipelineRoot: string;
  readonly workspacePath: string;
  /** RFC 3339, UTC, whole seconds. */
  readonly createdAt: string;
  readonly scheduledAt: string;
}

const REFERENCE =
  /\{\{\$\.(?:inputs\.parameters\[(?:'([^'\]]*)'|"([^"\]]*)")\]|([a-z_]+))\}\}/g;

/** The value of a whole-run placeholder; `undefined` for an unknown name. */
export function runPlaceholder(
  name: string,
  facts: RunFacts,
  task: { readonly key: string; readonly taskId: string }
): string | undefined {
  switch (name) {
    case 'pipeline_job_name':
      return facts.runName;
    case 'pipeline_job_resource_name':
      return facts.resourceName;
    case 'pipeline_job_uuid':
      return facts.runId;
    case 'pipeline_task_name':
      return task.key;
    case 'pipeline_task_uuid':
      return task.taskId;
    case 'pipeline_job_create_time_utc':
      return facts.createdAt;
    case 'pipeline_job_schedule_time_utc':
      return facts.scheduledAt;
    case 'pipeline_root':
      return facts.pipelineRoot;
    case 'workspace_path':
      return facts.workspacePath;
    default:
      return undefined;
  }
}

/**
 * Replace placeholders in every string of a constant, in one pass: what was put in is not searched again.
 * Unknown names stay as they are.
 */
export function fillConstant(
  value: Json,
  facts: RunFacts,
  task: { readonly key: string; readonly taskId: string },
  inputNamed: (name: string) => Json | undefined
): Json {
  if (typeof value === 'string') {
    return value.replace(
      REFERENCE,
      (
        whole: string,
        single: string | undefined,
        double: string | undefined,
        fact: string | undefined
      ) => {
        if (fact !== undefined) {
          return runPlaceholder(fact, facts, task) ?? whole;
        }
        const found = inputNamed(single ?? double ?? '');
        return found === undefined ? whole : valueText(found);
      }
    );
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map(item =>
      fillConstant(item, facts, task, inputNamed)
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        String(fillConstant(key, facts, task, inputNamed)),
        fillConstant(item, facts, task, inputNamed)
      ])
    );
  }
  return value;
}
