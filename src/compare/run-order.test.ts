import { nextOrder, orderOf } from './run-order';

describe('the order of runs', () => {
  it('is by size, by letters, and with what is missing last', () => {
    expect(orderOf(['10', '9', null, '0.5'], false)).toEqual([3, 1, 0, 2]);
    expect(orderOf(['10', '9', null, '0.5'], true)).toEqual([0, 1, 3, 2]);
    expect(orderOf(['run 10', 'run 9'], false)).toEqual([1, 0]);
  });

  it('keeps runs of equal value as they were', () => {
    expect(orderOf(['a', 'b', 'a'], true)).toEqual([1, 0, 2]);
  });

  it('goes up, down and back with each click', () => {
    const up = nextOrder(null, 'lr');
    const down = nextOrder(up, 'lr');
    expect([
      up?.isDescending,
      down?.isDescending,
      nextOrder(down, 'lr')
    ]).toEqual([false, true, null]);
    expect(nextOrder(down, 'rows')).toEqual({
      row: 'rows',
      isDescending: false
    });
  });
});
