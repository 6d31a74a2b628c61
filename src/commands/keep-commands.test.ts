import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import type { ActionRequest, RunKey } from 'jupyterlab-kfp-model';

import { answerDialog } from '../testing/dialogs';
import type { IWorkbench } from '../tokens';
import { CommandIDs } from './command-ids';
import { addKeepCommands } from './keep-commands';

const RUNS = ['a', 'b', 'c'].map(run_id => ({ connection: 'prod', run_id }));

/** The commands over a service that refuses what is asked of run `b`; `acted` is what it did. */
function commandsOver(): {
  readonly commands: CommandRegistry;
  readonly acted: string[];
} {
  const acted: string[] = [];
  const act = async ({ run_id }: RunKey, action: string): Promise<void> => {
    if (run_id === 'b') {
      throw new Error('"b" may not be touched.');
    }
    acted.push(`${action} ${run_id}`);
  };
  const commands = new CommandRegistry();
  addKeepCommands(
    { commands, shell: { currentWidget: null } } as unknown as JupyterFrontEnd,
    {
      client: {
        act: (key: RunKey, { action }: ActionRequest) => act(key, action),
        deleteRun: (key: RunKey) => act(key, 'delete')
      },
      runs: { get: () => ({ view: null }) }
    } as unknown as IWorkbench,
    nullTranslator.load('jupyterlab_kfp')
  );
  return { commands, acted };
}

describe('commands that keep or drop runs', () => {
  afterEach(() => Notification.dismiss());

  it('archive all that can be, say which could not, and take back what they did', async () => {
    const { commands, acted } = commandsOver();
    await commands.execute(CommandIDs.archiveRun, { runs: RUNS });
    expect(acted).toEqual(['archive a', 'archive c']);
    const [done, refused] = Notification.manager.notifications;
    expect(refused.message).toBe('"b" may not be touched.');
    expect(done.message).toBe('2 runs are archived.');
    expect(done.options.autoClose).toBe(10_000);

    done.options.actions?.[0].callback({} as MouseEvent);
    await new Promise(resolve => setTimeout(resolve, 10));
    expect(acted.slice(2)).toEqual(['unarchive a', 'unarchive c']);
  });

  it('delete after a question that names the run and the connection, and whose first answer keeps it', async () => {
    const { commands, acted } = commandsOver();
    const args = { ...RUNS[0], name: 'train-1' };
    const kept = commands.execute(CommandIDs.deleteRun, args);
    const asked = await answerDialog('Keep');
    expect(asked.body).toContain('The run "train-1" on "prod" is deleted');
    expect(asked.focused).toBe('Keep');
    await kept;
    expect(acted).toEqual([]);

    const done = commands.execute(CommandIDs.deleteRun, args);
    await answerDialog('Delete');
    await done;
    expect(acted).toEqual(['delete a']);
  });

  it('say that one could not be deleted', async () => {
    const { commands } = commandsOver();
    const done = commands.execute(CommandIDs.deleteRun, RUNS[1]);
    await answerDialog('Delete');
    await expect(done).rejects.toThrow();
    expect(Notification.manager.notifications[0].message).toBe(
      '"b" may not be touched.'
    );
  });
});
