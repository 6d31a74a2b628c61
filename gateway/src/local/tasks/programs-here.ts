/** Whether a program of a command is on this machine, as a process would find it. */
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Look along `PATH`; a word with a slash is a place. */
export function isProgram(
  word: string,
  folders: string = process.env['PATH'] ?? ''
): boolean {
  const places = word.includes('/')
    ? [word]
    : folders.split(path.delimiter).map(folder => path.join(folder, word));
  return places.some(place => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
