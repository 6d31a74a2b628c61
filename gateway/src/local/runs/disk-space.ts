/** Whether there is room for a run: a full disk in its middle loses more than a refusal before it. */
import { statfsSync } from 'node:fs';

import { Code, ServiceError } from '../store/service-error.ts';

const NEEDED = 1e9;

/** Bytes that are free for this user on the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Throws when less than 1 GB is free for the runs below `folder`. */
export function checkDiskSpace(
  folder: string,
  free: (folder: string) => number
): void {
  const bytes = free(folder);
  if (bytes < NEEDED) {
    const text = `only ${(bytes / 1e9).toFixed(1)} GB free in ${folder}: a run needs 1 GB. Free some space and try again.`;
    throw new ServiceError(
      Code.unavailable,
      `ServiceUnavailable: ${text}`,
      text
    );
  }
}
