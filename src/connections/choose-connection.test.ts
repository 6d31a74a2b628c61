import { nullTranslator } from '@jupyterlab/translation';
import type { RunView } from 'jupyterlab-kfp-model';

import { sampleTask, sampleView } from '../testing/sample-view';
import { tryConnection } from './choose-connection';

const { run } = sampleView([sampleTask({ id: 'a' })]);

async function tried(
  answer: Partial<RunView['run']> | Error
): Promise<{ readonly said: string; readonly remembered: string[] }> {
  const remembered: string[] = [];
  const said = await tryConnection('near', {
    run,
    trans: nullTranslator.load('jupyterlab_kfp'),
    connections: {
      connections: [],
      remember: (ref, name) => void remembered.push(`${ref.profile} ${name}`)
    },
    client: {
      view: () =>
        answer instanceof Error
          ? Promise.reject(answer)
          : Promise.resolve({
              epoch: 'e',
              seq: 1,
              view: { ...sampleView([]), run: { ...run, ...answer } }
            })
    }
  });
  return { said, remembered };
}

describe('a connection chosen for a run from elsewhere', () => {
  it('is remembered when it has this very run', async () => {
    expect(await tried({ created_at: '2026-11-23T12:00:00Z' })).toEqual({
      said: '',
      remembered: ['local near']
    });
  });

  it('is not taken when its run is another one, or when it has none', async () => {
    expect(await tried({ created_at: '2026-11-23T12:00:01Z' })).toEqual({
      said: '"near" has another run of this id.',
      remembered: []
    });
    expect(await tried({ run_id: 'x' })).toMatchObject({ remembered: [] });
    expect(await tried(new Error('There is no such run.'))).toEqual({
      said: 'There is no such run.',
      remembered: []
    });
  });
});
