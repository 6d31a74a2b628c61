/** The Python programs beside this file; the bundle carries them as data addresses. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PROBE = new URL('./python/probe.py', import.meta.url);
/** What supervisors consist of. Each address is written out, so that the bundler sees it. */
const PROGRAMS = {
  task_supervisor: new URL('./python/task_supervisor.py', import.meta.url),
  supervision: new URL('./python/supervision.py', import.meta.url),
  container: new URL('./python/container.py', import.meta.url),
  attempt_log: new URL('./python/attempt_log.py', import.meta.url),
  task_process: new URL('./python/task_process.py', import.meta.url),
  process_care: new URL('./python/process_care.py', import.meta.url),
  private_root: new URL('./python/private_root.py', import.meta.url),
  fork_server: new URL('./python/fork_server.py', import.meta.url)
};

/** Absolute paths of the programs that are started. */
export interface Programs {
  readonly supervisor: string;
  readonly forkServer: string;
  /** An empty folder on which private roots are put together. */
  readonly stage: string;
}

/** The text of the program that says what an interpreter is. */
export function probeSource(): string {
  return textOf(PROBE);
}

/** Writes the programs below the data folder, where they differ from what is there. */
export function installPrograms(dataDir: string): Programs {
  const folder = path.join(dataDir, 'supervisor');
  const stage = path.join(folder, 'root');
  mkdirSync(stage, { recursive: true });
  for (const [name, url] of Object.entries(PROGRAMS)) {
    const file = path.join(folder, `${name}.py`);
    const text = textOf(url);
    if (textIn(file) !== text) {
      const fresh = `${file}.${process.pid}`;
      writeFileSync(fresh, text);
      renameSync(fresh, file);
    }
  }
  return {
    supervisor: path.join(folder, 'task_supervisor.py'),
    forkServer: path.join(folder, 'fork_server.py'),
    stage
  };
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function textOf(url: URL): string {
  return url.protocol === 'data:'
    ? Buffer.from(url.pathname.split(',')[1] ?? '', 'base64').toString('utf8')
    : readFileSync(url, 'utf8');
}
