import { StateDB } from '@jupyterlab/statedb';

import { PinnedRuns } from './pinned-runs';

const run = (n: number) => ({
  connection: 'prod',
  run_id: `r${n}`,
  name: `run ${n}`
});

describe('PinnedRuns', () => {
  it('keeps pins over a reload, newest first, and lets them go', async () => {
    const database = new StateDB();
    const pins = new PinnedRuns(database);
    await pins.ready;
    pins.toggle(run(1));
    pins.toggle(run(2));
    await Promise.resolve();
    const again = new PinnedRuns(database);
    await again.ready;
    expect(again.runs).toEqual([run(2), run(1)]);
    again.toggle(run(2));
    expect(again.has(run(2))).toBe(false);
    expect(again.runs).toEqual([run(1)]);
  });

  it('holds twenty at most and takes nothing that is no pin', async () => {
    const database = new StateDB();
    await database.save('jupyterlab-kfp:pinned-runs', [
      { run_id: 5 },
      null,
      'x'
    ] as never);
    const pins = new PinnedRuns(database);
    await pins.ready;
    expect(pins.runs).toEqual([]);
    for (let n = 0; n < 25; n += 1) {
      pins.toggle(run(n));
    }
    expect(pins.runs).toHaveLength(20);
    expect(pins.runs[0]).toEqual(run(24));
  });
});
