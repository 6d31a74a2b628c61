import type { LogTime } from 'jupyterlab-kfp-model';

/** The time at which the byte at an offset was written, in milliseconds; undefined where it is not known. */
export function timeAt(
  times: readonly LogTime[],
  offset: number
): number | undefined {
  let low = 0;
  let high = times.length; // the first mark behind the offset lies in [low, high]
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle][0] <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return times[low - 1]?.[1];
}
