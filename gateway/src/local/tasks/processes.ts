/** Looking at and signalling processes that are not our children any more. */
import { readFileSync } from 'node:fs';

/** What `pid.json` says: the supervisor and the task it started, each with its start time. */
export interface ProcessRecord {
  readonly pid: number;
  readonly start: string | null;
  readonly task?: number;
  readonly taskStart?: string | null;
}

/** True while the very process that is meant lives, not a later one with its number. */
export function isAlive(pid: number, start: string | null): boolean {
  try {
    process.kill(pid, 0);
    if (start === null) {
      return true;
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && fields[19] === start;
  } catch {
    return false;
  }
}

/** Send a signal; a process that is gone is fine. A negative number means the group. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH') {
      throw error;
    }
  }
}
