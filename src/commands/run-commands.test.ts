import type { JupyterFrontEnd } from '@jupyterlab/application';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';

import { sampleView } from '../testing/sample-view';
import type { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
import { addRunCommands } from './run-commands';

const KEY = {
  connection: 'prod',
  run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11'
};

/** The commands over a run of `prod` or of the local service; `acted` is what reached the service. */
function commandsOver(flavour: 'kfp2' | 'local'): {
  readonly commands: CommandRegistry;
  readonly acted: string[];
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
  return { commands, acted };
}

/** Wait for the question and give the answer of this name. */
async function answer(label: string): Promise<string> {
  for (let n = 0; n < 100; n += 1) {
    const dialog = document.querySelector('.jp-Dialog');
    const button = [...(dialog?.querySelectorAll('button') ?? [])].find(
      each => each.textContent === label
    );
    const question = dialog?.querySelector('.jp-Dialog-header')?.textContent;
    if (question && button) {
      button.click();
      return question;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error(`Nobody asked "${label}".`);
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
    expect(await answer(keep)).toBe(question);
    await kept;
    expect(acted).toEqual([]);

    const done = commands.execute(command, KEY);
    await answer(confirm);
    await done;
    expect(acted).toHaveLength(1);
  });

  it('starts again without a question on this machine, and stops with one', async () => {
    const { commands, acted } = commandsOver('local');
    await commands.execute(CommandIDs.retryRun, KEY);
    await commands.execute(CommandIDs.rerunUncached, KEY);
    expect(acted).toEqual(['retry', 'rerun']);
    const stopped = commands.execute(CommandIDs.stopRun, KEY);
    await answer('Keep running');
    await stopped;
    expect(acted).toHaveLength(2);
  });
});
