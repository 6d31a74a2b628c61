/** When a log was written: lines of `LENGTH MILLISECONDS`, noted by whoever writes the log. */
import type { LogTime } from 'jupyterlab-kfp-model';

/**
 * The marks in a file of times, by offset.
 *
 * A log whose end is written again, as when a container is taken up by another supervisor, has marks that go back: those
 * behind it are of text that is gone. A last line that is not whole yet is left out.
 */
export function timesIn(text: string): readonly LogTime[] {
  const times: LogTime[] = [];
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    const [offset, at] = line.split(' ').map(Number);
    if (Number.isSafeInteger(offset) && Number.isSafeInteger(at)) {
      while ((times.at(-1)?.[0] ?? -1) >= (offset as number)) {
        times.pop();
      }
      times.push([offset as number, at as number]);
    }
  }
  return times;
}
