import type { JupyterFrontEnd } from '@jupyterlab/application';
import { URLExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { connectionIcon } from '../icons/lab-icons';
import type { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
import { connectionProperties } from './run-arguments';

/** Add the commands that act on connections. */
export function addConnectionCommands(
  app: JupyterFrontEnd,
  workbench: IWorkbench,
  trans: TranslationBundle
): void {
  const { commands, serviceManager } = app;
  const { connections, client } = workbench;
  const one = (isRequired: boolean) => ({
    args: {
      type: 'object' as const,
      properties: connectionProperties(trans),
      ...(isRequired ? { required: ['connection'] } : {})
    }
  });
  const named = (args: ReadonlyPartialJSONObject): string | undefined =>
    typeof args.connection === 'string' ? args.connection : undefined;

  commands.addCommand(CommandIDs.searchConnections, {
    label: trans.__('Search for Pipelines Services'),
    caption: trans.__('Look for Kubeflow Pipelines services again'),
    icon: connectionIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => connections.search()
  });
  commands.addCommand(CommandIDs.selectConnection, {
    label: trans.__('Use Connection'),
    caption: trans.__('Show the runs and pipelines of this connection'),
    icon: connectionIcon,
    isEnabled: args => named(args) !== undefined,
    describedBy: one(true),
    execute: args => connections.select(named(args) ?? '')
  });
  commands.addCommand(CommandIDs.openDoctor, {
    label: trans.__('Connection Doctor'),
    caption: trans.__(
      'Examine what works between this server and a pipelines service'
    ),
    icon: connectionIcon,
    describedBy: one(false),
    execute: async args => {
      const { showDoctor } = await import('../connections/doctor-dialog');
      await showDoctor({
        connection: named(args) ?? connections.current?.name ?? 'local',
        client,
        trans
      });
    }
  });
  commands.addCommand(CommandIDs.signIn, {
    label: trans.__('Sign In…'),
    caption: trans.__(
      'Sign in to a pipelines service, or without its name to the Jupyter Server'
    ),
    icon: connectionIcon,
    describedBy: one(false),
    execute: async args => {
      const connection = named(args);
      if (connection === undefined) {
        const { baseUrl } = serviceManager.serverSettings;
        window.open(URLExt.join(baseUrl, 'login'), '_blank', 'noopener');
        return false;
      }
      const { showSignIn } = await import('../connections/doctor-dialog');
      return showSignIn({ connection, client, trans });
    }
  });
}
