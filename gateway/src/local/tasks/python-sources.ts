/** The Python programs beside this file; the bundle carries them as data addresses. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SOURCES = {
  probe: new URL('./python/probe.py', import.meta.url),
  supervisor: new URL('./python/task_supervisor.py', import.meta.url)
};

/** @returns the text of one of the programs. */
export function pythonSource(name: keyof typeof SOURCES): string {
  const url = SOURCES[name];
  return url.protocol === 'data:'
    ? Buffer.from(url.pathname.split(',')[1] ?? '', 'base64').toString('utf8')
    : readFileSync(url, 'utf8');
}

/** Writes the supervisor below the data folder and returns its path. */
export function installSupervisor(dataDir: string): string {
  const folder = path.join(dataDir, 'supervisor');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'task_supervisor.py');
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, pythonSource('supervisor'));
  renameSync(fresh, file);
  return file;
}
