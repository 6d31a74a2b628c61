import type { ICellModel } from '@jupyterlab/cells';
import type { PartialJSONValue } from '@lumino/coreutils';
import type { RunEntry } from 'jupyterlab-kfp-model';

/** Key of the metadata of a cell. */
const KEY = 'jupyterlab-kfp';
/** Runs that are remembered. */
const KEPT = 10;

/** A run that a cell started. */
export interface ICellRun {
  readonly run_id: string;
  readonly profile: string;
  readonly fingerprint: string;
  readonly name: string;
  /** UTC. */
  readonly submitted_at: string;
}

/** The last runs of a cell, newest first; what is not one is left out, because the notebook may come from anywhere. */
export function runsOfCell(
  cell: Pick<ICellModel, 'getMetadata'>
): readonly ICellRun[] {
  const bag = cell.getMetadata(KEY) as { readonly runs?: unknown } | undefined;
  const runs = Array.isArray(bag?.runs) ? (bag.runs as unknown[]) : [];
  return runs.slice(0, KEPT).filter(isCellRun);
}

/** Remember runs that a cell has just started. Nothing is written when they are known. */
export function rememberRuns(
  cell: Pick<ICellModel, 'getMetadata' | 'setMetadata'>,
  entries: readonly RunEntry[]
): void {
  const known = runsOfCell(cell);
  const added = entries
    .filter(entry => !known.some(run => run.run_id === entry.run_id))
    .map((entry): ICellRun => ({
      run_id: entry.run_id,
      profile: entry.connection.profile,
      fingerprint: entry.connection.fingerprint,
      name: entry.name,
      submitted_at: entry.submitted_at
    }))
    .reverse();
  if (added.length > 0) {
    const bag = cell.getMetadata(KEY) as Record<string, unknown> | undefined;
    cell.setMetadata(KEY, {
      ...bag,
      runs: [...added, ...known].slice(0, KEPT)
    } as unknown as PartialJSONValue);
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function isCellRun(value: unknown): value is ICellRun {
  const run = value as Partial<Record<keyof ICellRun, unknown>> | null;
  return (
    typeof run === 'object' &&
    run !== null &&
    typeof run.run_id === 'string' &&
    UUID.test(run.run_id) &&
    typeof run.profile === 'string' &&
    typeof run.fingerprint === 'string' &&
    typeof run.name === 'string' &&
    typeof run.submitted_at === 'string'
  );
}
