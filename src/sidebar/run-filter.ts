import type { RunState, RunSummary } from 'jupyterlab-kfp-model';

/** What the words of the filter ask for. */
export interface IRunFilter {
  /** What the service filters itself, in KFP's form. */
  readonly filter: { readonly predicates: readonly IPredicate[] };
  /** All of it, for the runs that are here. */
  matches(run: RunSummary): boolean;
  /** Whether a word asks for what no service can filter: then only the runs that are here are looked at. */
  readonly isPartial: boolean;
  /** A word that cannot match anything; empty when all is well. */
  readonly wrongState: string;
}

/** One condition of KFP's filter. */
export interface IPredicate {
  readonly operation:
    'EQUALS' | 'NOT_EQUALS' | 'IN' | 'IS_SUBSTRING' | 'GREATER_THAN';
  readonly key: string;
  readonly string_value?: string;
  readonly string_values?: { readonly values: readonly string[] };
  readonly timestamp_value?: string;
}

/** States that services know and people can ask for. */
const RUN_STATES = [
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'SKIPPED',
  'CANCELING',
  'CANCELED',
  'PAUSED'
] as const satisfies readonly RunState[];

type Match = (run: RunSummary) => boolean;

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000
};

/** Read the words of the filter: `state:failed`, `exp:`, `pipeline:`, `since:2d`, `archived:yes`, or a part of the name. */
export function readRunFilter(text: string, now: number): IRunFilter {
  const predicates: IPredicate[] = [];
  const matches: Match[] = [];
  let isPartial = false;
  let isArchived = false;
  let wrongState = '';
  for (const word of text.trim().toLowerCase().split(/\s+/).filter(Boolean)) {
    const [, name = '', value = ''] = /^([a-z]+):(.*)$/.exec(word) ?? [];
    if (name === 'state') {
      const states = statesLike(value);
      wrongState ||= states.length === 0 ? value : '';
      predicates.push(...stateIn(states));
      isPartial ||= isMixed(states);
      matches.push(run => states.includes(run.state));
    } else if (name === 'since' && sinceMs(value) !== null) {
      const earliest = now - (sinceMs(value) ?? 0);
      predicates.push({
        operation: 'GREATER_THAN',
        key: 'created_at',
        timestamp_value: new Date(earliest).toISOString()
      });
      matches.push(run => Date.parse(run.created_at) > earliest);
    } else if (name === 'archived') {
      isArchived = value.startsWith('y'); // the last one counts
    } else if (name === 'exp') {
      isPartial = true;
      matches.push(run => has(run.experiment?.name, value));
    } else if (name === 'pipeline') {
      isPartial = true;
      matches.push(run => has(run.pipeline.name, value));
    } else {
      // services take these signs for wildcards or codes
      if (/[%_+\\]/.test(word)) {
        isPartial = true;
      } else {
        predicates.push({
          operation: 'IS_SUBSTRING',
          key: 'name',
          string_value: word
        });
      }
      matches.push(run => has(run.name, word));
    }
  }
  predicates.push({
    operation: isArchived ? 'EQUALS' : 'NOT_EQUALS',
    key: 'storage_state',
    string_value: 'ARCHIVED'
  });
  return {
    filter: { predicates },
    matches: run =>
      (run.archived ?? false) === isArchived &&
      matches.every(match => match(run)),
    isPartial,
    wrongState
  };
}

function statesLike(start: string): readonly RunState[] {
  return RUN_STATES.filter(state => state.toLowerCase().startsWith(start));
}

function stateIn(states: readonly RunState[]): readonly IPredicate[] {
  const asked = isMixed(states) ? [...states, 'FAILED'] : states;
  const [first] = asked;
  if (first === undefined || states.length === RUN_STATES.length) {
    return [];
  }
  return [
    asked.length === 1
      ? { operation: 'EQUALS', key: 'state', string_value: first }
      : { operation: 'IN', key: 'state', string_values: { values: asked } }
  ];
}

/** KFP calls a run that was stopped failed: which ones were is told by the runs themselves. */
function isMixed(states: readonly RunState[]): boolean {
  return states.includes('CANCELED') && !states.includes('FAILED');
}

function sinceMs(text: string): number | null {
  const [, count, unit = ''] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (UNITS[unit] ?? 0);
}

function has(text: string | undefined, part: string): boolean {
  return (text ?? '').toLowerCase().includes(part);
}
