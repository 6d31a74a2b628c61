import type { RunState, RunSummary } from 'jupyterlab-kfp-model';

import { readRunFilter } from './run-filter';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const LISTED = {
  operation: 'NOT_EQUALS',
  key: 'storage_state',
  string_value: 'ARCHIVED'
};

const run = (
  name: string,
  state: RunState = 'SUCCEEDED',
  more: Partial<RunSummary> = {}
): RunSummary => ({
  run_id: name,
  name,
  connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
  pipeline: { name: 'train' },
  state,
  created_at: '2026-11-25T11:00:00Z',
  parameters: [],
  ...more
});

describe('the filter of runs', () => {
  it('leaves out archived runs, and asks for them alone', () => {
    const all = readRunFilter('', NOW);
    expect(all.filter.predicates).toEqual([LISTED]);
    expect(all.matches(run('a'))).toBe(true);
    expect(all.matches(run('a', 'FAILED', { archived: true }))).toBe(false);
    const archived = readRunFilter('archived:yes', NOW);
    expect(archived.filter.predicates).toEqual([
      { ...LISTED, operation: 'EQUALS' }
    ]);
    expect(archived.matches(run('a', 'FAILED', { archived: true }))).toBe(true);
  });

  it('has the service look for names, states and ages', () => {
    const found = readRunFilter('Seeded state:fail since:2d', NOW);
    expect(found.isPartial).toBe(false);
    expect(found.filter.predicates).toEqual([
      { operation: 'IS_SUBSTRING', key: 'name', string_value: 'seeded' },
      { operation: 'EQUALS', key: 'state', string_value: 'FAILED' },
      {
        operation: 'GREATER_THAN',
        key: 'created_at',
        timestamp_value: '2026-11-23T12:00:00.000Z'
      },
      LISTED
    ]);
    expect(found.matches(run('My SEEDED run', 'FAILED'))).toBe(true);
    expect(found.matches(run('My SEEDED run', 'RUNNING'))).toBe(false);
  });

  it('takes the beginning of several states', () => {
    expect(readRunFilter('state:s', NOW).filter.predicates[0]).toEqual({
      operation: 'IN',
      key: 'state',
      string_values: { values: ['SUCCEEDED', 'SKIPPED'] }
    });
    expect(readRunFilter('state:', NOW).filter.predicates).toEqual([LISTED]);
  });

  it('picks those that were stopped among the failed ones', () => {
    const found = readRunFilter('state:canceled', NOW);
    expect(found.filter.predicates[0]).toEqual({
      operation: 'IN',
      key: 'state',
      string_values: { values: ['CANCELED', 'FAILED'] }
    });
    expect(found.isPartial).toBe(true);
    expect(found.matches(run('a', 'FAILED'))).toBe(false);
  });

  it('says which state there is none of', () => {
    const wrong = readRunFilter('state:faled', NOW);
    expect(wrong.wrongState).toBe('faled');
    expect(wrong.matches(run('a', 'FAILED'))).toBe(false);
  });

  it('looks itself for what no service filters', () => {
    for (const words of ['pipeline:tra', 'exp:def', '100%']) {
      const found = readRunFilter(words, NOW);
      expect(found.isPartial).toBe(true);
      expect(found.filter.predicates).toEqual([LISTED]);
    }
    expect(readRunFilter('pipeline:tra', NOW).matches(run('a'))).toBe(true);
    expect(readRunFilter('exp:def', NOW).matches(run('a'))).toBe(false);
  });
});
