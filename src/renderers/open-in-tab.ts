import type { RunKey } from 'jupyterlab-kfp-model';

import { CommandIDs } from '../commands/command-ids';
import { connectionOf, noWayText } from '../connections/connection-of';
import type { ServiceRef } from '../connections/connections-store';
import type { RunModel } from '../run/run-model';
import type { IRendererServices } from './renderer-services';

/**
 * Open the tab of a run that an output names, through the connection that leads to its service: a name in a document says nothing of where
 * it leads here.
 *
 * @param models - the runs of the output
 */
export async function openInTab(
  services: Pick<IRendererServices, 'workbench' | 'commands' | 'trans'>,
  models: readonly RunModel[],
  key: RunKey & { readonly tab?: string; readonly task?: string }
): Promise<void> {
  const { workbench, commands, trans } = services;
  const model = models.find(each => serviceOf(each, key.run_id));
  const service = model && serviceOf(model, key.run_id);
  const connection = service
    ? await connectionOf(service, workbench.connections)
    : key.connection;
  if (connection !== null) {
    void commands.execute(CommandIDs.openRun, { ...key, connection });
  } else if (model) {
    model.notice = noWayText(key.connection, trans);
  }
}

/** The service that a document names for a run; null when it names none, or when the run is reached already. */
function serviceOf(model: RunModel, runId: string): ServiceRef | null {
  const run = model.saved?.view.run;
  return run?.run_id === runId
    ? model.store
      ? null
      : run.connection
    : (model.history.find(each => each.run_id === runId) ?? null);
}
