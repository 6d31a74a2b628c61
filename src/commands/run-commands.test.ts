import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { answerDialog } from '../testing/dialogs';
import { sampleView } from '../testing/sample-view';
import type { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
import { addRunCommands } from './run-commands';
import { perform } from './tell';

const KEY = {
  connection: 'prod',
  run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11'
};

/** The commands over a run of `prod` or of the local service; `acted` is what reached the service. */
function commandsOver(flavour: 'kfp2' | 'local'): {
  readonly commands: CommandRegistry;
  readonly acted: string[];
  readonly store: { problem: string };
} {
  const acted: string[] = [];
  const commands = new CommandRegistry();
  const view = sampleView([]);
  const store = {
    view: {
      ...view,
      run: {
        ...view.run,
        connection: { profile: 'prod', fingerprint: 'f', flavour }
      }
    },
    problem: '',
    act: (action: string) => Promise.resolve(acted.push(action)),
    rerunUncached: () => {
      acted.push('rerun');
      return Promise.resolve(KEY);
    }
  };
  commands.addCommand(CommandIDs.openRun, {
    describedBy: { args: {} },
    execute: () => undefined
  });
  addRunCommands(
    { commands, shell: { currentWidget: null } } as unknown as JupyterFrontEnd,
    {
      runs: { get: () => store },
      connections: { connections: [], changed: new Signal({}) }
    } as unknown as IWorkbench,
    nullTranslator.load('jupyterlab_kfp')
  );
  return { commands, acted, store };
}

describe('commands of runs', () => {
  it.each([
    [CommandIDs.stopRun, 'Stop train-1 on prod?', 'Keep running', 'Stop run'],
    [CommandIDs.retryRun, 'Retry train-1 on prod?', 'Leave as it is', 'Retry'],
    [
      CommandIDs.rerunUncached,
      'Run train-1 again on prod without cache?',
      'Leave as it is',
      'Run again'
    ]
  ])('%s asks before it acts', async (command, question, keep, confirm) => {
    const { commands, acted } = commandsOver('kfp2');
    const kept = commands.execute(command, KEY);
    expect(await answerDialog(keep)).toMatchObject({
      title: question,
      focused: keep
    });
    await kept;
    expect(acted).toEqual([]);

    const done = commands.execute(command, KEY);
    await answerDialog(confirm);
    await done;
    expect(acted).toHaveLength(1);
  });

  it('a command that fails tells the reader, once', async () => {
    const { commands, store } = commandsOver('local');
    store.problem = 'The run is gone.';
    const before = Notification.manager.count;
    await expect(commands.execute(CommandIDs.retryRun, KEY)).rejects.toThrow();
    perform(commands, CommandIDs.retryRun, KEY);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(Notification.manager.count).toBe(before + 2);
    expect(Notification.manager.notifications[0].message).toBe(
      'The run is gone.'
    );
  });

  it('starts again without a question on this machine, and stops with one', async () => {
    const { commands, acted } = commandsOver('local');
    await commands.execute(CommandIDs.retryRun, KEY);
    await commands.execute(CommandIDs.rerunUncached, KEY);
    expect(acted).toEqual(['retry', 'rerun']);
    const stopped = commands.execute(CommandIDs.stopRun, KEY);
    await answerDialog('Keep running');
    await stopped;
    expect(acted).toHaveLength(2);
  });
});
