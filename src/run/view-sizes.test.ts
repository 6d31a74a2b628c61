import { StateDB } from '@jupyterlab/statedb';

import { DETAIL_SHARE, ViewSizes } from './view-sizes';

describe('ViewSizes', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('finds after a reload what was dragged before, and says so when it is there', async () => {
    const database = new StateDB();
    const before = new ViewSizes(database);
    await before.ready;
    before.setHeight('a', 320);
    before.setHeight('b', 100);
    before.setHeight('b', 0);
    before.detailShare = 60;
    await jest.advanceTimersByTimeAsync(1000);

    const after = new ViewSizes(database);
    const said: number[] = [];
    after.changed.connect(({ height }) => said.push(height.call(after, 'a')));
    expect([after.height('a'), after.detailShare]).toEqual([0, DETAIL_SHARE]);
    await after.ready;
    expect([after.height('a'), after.height('b')]).toEqual([320, 0]);
    expect(after.detailShare).toBe(60);
    expect(said).toEqual([320]);
  });

  it('lets go of the runs that were dragged longest ago', async () => {
    const sizes = new ViewSizes(null);
    await sizes.ready;
    for (let i = 0; i < 201; i += 1) {
      sizes.setHeight(`run-${i}`, 100);
    }
    expect([sizes.height('run-0'), sizes.height('run-1')]).toEqual([0, 100]);
  });

  it('takes nothing from a store that holds rubbish', async () => {
    const database = new StateDB();
    await database.save('jupyterlab-kfp:sizes', {
      heights: { a: 'tall' },
      detailShare: 'wide'
    });
    const sizes = new ViewSizes(database);
    await sizes.ready;
    expect([sizes.height('a'), sizes.detailShare]).toEqual([0, DETAIL_SHARE]);
  });
});
