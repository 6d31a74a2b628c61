import { timeAt } from './log-times';

describe('timeAt', () => {
  const times = [
    [0, 1000],
    [10, 2000],
    [50, 7000]
  ] as const;

  it('is the time of the last mark before the byte', () => {
    expect([0, 9, 10, 49, 50, 999].map(at => timeAt(times, at))).toEqual([
      1000, 1000, 2000, 2000, 7000, 7000
    ]);
  });

  it('is not known without marks', () => {
    expect(timeAt([], 5)).toBeUndefined();
    expect(timeAt([[3, 1000]], 2)).toBeUndefined();
  });
});
