import type { RunEntry } from 'jupyterlab-kfp-model';

import { rememberRuns, runsOfCell } from './cell-runs';

function cell(bag?: unknown) {
  const metadata = new Map<string, unknown>([['jupyterlab-kfp', bag]]);
  let writes = 0;
  return {
    getMetadata: (key: string) => metadata.get(key) as never,
    setMetadata: (key: string, value: unknown) => {
      writes += 1;
      metadata.set(key, value);
    },
    get writes() {
      return writes;
    }
  };
}

const entry = (i: number): RunEntry => ({
  run_id: `5f0c1a9e-6c1f-4c55-9d4e-${String(i).padStart(12, '0')}`,
  name: `train-${i}`,
  connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
  pipeline: { name: 'train' },
  submitted_at: '2026-11-23T12:00:00Z',
  snapshot: { final: false, state: 'PENDING', counts: {} }
});

it('remembers the last ten runs, newest first', () => {
  const it = cell({ other: 1 });
  for (let i = 0; i < 12; i += 1) {
    rememberRuns(it, [entry(i)]);
  }
  expect(runsOfCell(it).map(run => run.name)).toEqual(
    Array.from({ length: 10 }, (_, i) => `train-${11 - i}`)
  );
  expect(it.getMetadata('jupyterlab-kfp')).toHaveProperty('other', 1);
});

it('writes nothing for a run that is known, so that opening never changes a notebook', () => {
  const it = cell();
  rememberRuns(it, [entry(1)]);
  rememberRuns(it, [entry(1)]);
  expect(it.writes).toBe(1);
});

it('leaves out what is no run', () => {
  expect(runsOfCell(cell({ runs: [null, { run_id: '../x' }, 7] }))).toEqual([]);
  expect(runsOfCell(cell('x'))).toEqual([]);
});
