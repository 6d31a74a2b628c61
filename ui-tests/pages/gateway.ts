import type { APIRequestContext } from '@playwright/test';

/** A task of a run as the workbench API tells it. */
interface ITask {
  readonly name: string;
  readonly state: string;
}

/** Ask the gateway, through the Jupyter server, for the tasks of a run. */
export async function tasksOf(
  request: APIRequestContext,
  runId: string
): Promise<readonly ITask[]> {
  const answer = await request.get(
    `jupyterlab-kfp/api/connections/local/runs/${runId}/view?detail=tasks`
  );
  const body = (await answer.json()) as {
    readonly view: { readonly tasks: Record<string, ITask> };
  };
  return Object.values(body.view.tasks);
}

/** Stop the newest run of this name, as somebody else would. */
export async function stopRun(
  request: APIRequestContext,
  name: string
): Promise<void> {
  const runs = 'jupyterlab-kfp/api/connections/local/runs';
  const answer = await request.get(runs);
  const page = (await answer.json()) as {
    readonly runs: readonly {
      readonly run_id: string;
      readonly name: string;
    }[];
  };
  const run = page.runs.find(each => each.name === name);
  await request.post(`${runs}/${run?.run_id}/actions`, {
    data: { action: 'terminate' }
  });
}
