import { Sight } from '../testing/sight';
import { Clock } from './clock';

let sight: Sight;

describe('the second hand of a page', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    sight = new Sight();
  });

  afterEach(() => {
    jest.useRealTimers();
    sight.restore();
  });

  it('moves only while it is read', () => {
    const clock = new Clock();
    expect(jest.getTimerCount()).toBe(0);
    const ticks: number[] = [];
    const stop = clock.read(now => ticks.push(now));
    jest.advanceTimersByTime(3000);
    expect(ticks).toHaveLength(3);
    stop();
    expect(jest.getTimerCount()).toBe(0);
    clock.dispose();
  });

  it('has no timer in a hidden page, and is right at once afterwards', () => {
    const clock = new Clock();
    const ticks: number[] = [];
    clock.read(now => ticks.push(now));
    sight.set('hidden');
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(60_000);
    expect(ticks).toHaveLength(0);
    sight.set('visible');
    expect(ticks).toEqual([Date.now()]);
    jest.advanceTimersByTime(1000);
    expect(ticks).toHaveLength(2);
    clock.dispose();
  });

  it('does not begin in a hidden page', () => {
    sight.set('hidden');
    const clock = new Clock();
    clock.read(() => undefined);
    expect(jest.getTimerCount()).toBe(0);
    sight.set('visible');
    expect(jest.getTimerCount()).toBe(1);
    clock.dispose();
    expect(jest.getTimerCount()).toBe(0);
  });
});
