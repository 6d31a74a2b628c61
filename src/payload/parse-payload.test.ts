import { parsePipelinePayload, parseRunPayload } from './parse-payload';
import {
  FULL_PAYLOAD as full,
  PAYLOAD as payload,
  places,
  withValue
} from '../testing/payloads';
import { viewOfEntry } from './saved-view';

describe('parseRunPayload', () => {
  it('reads a payload and the picture in it', () => {
    const read = parseRunPayload(payload);
    const view = read && viewOfEntry(read.runs[0], read.graphs);
    expect(view?.run.state).toBe('FAILED');
    expect(view?.tasks.train.state).toBe('FAILED');
    expect(view?.tasks.train.finished_at).toBe('2026-11-23T12:00:30.000Z');
    expect(view?.counts).toMatchObject({ total: 3, done: 3, succeeded: 1 });
    expect(view?.failure?.reason).toBe("KeyError: 'label'");
    expect(view?.capabilities.actions).toEqual([]);
  });

  it.each([
    ['a newer version', { ...payload, schema: 'kfp.run/2' }],
    ['no runs', { ...payload, runs: [] }],
    [
      'an id that is no UUID',
      { ...payload, runs: [{ ...payload.runs[0], run_id: '../../x' }] }
    ],
    [
      'a half payload',
      { schema: 'kfp.run/1', runs: [{ run_id: payload.runs[0].run_id }] }
    ],
    ['text', 'kfp.run/1']
  ])('refuses %s', (_, data) => {
    expect(parseRunPayload(data)).toBeNull();
    expect(parsePipelinePayload(data)).toBeNull();
  });
});

describe('a forged payload', () => {
  const wrong: readonly unknown[] = [
    null,
    [],
    {},
    { toString: 1 },
    -1e308,
    '<script>',
    '__proto__',
    [[[]]],
    true
  ];

  it('is drawn or refused whatever stands in any of its fields', () => {
    expect(parseRunPayload(full)).not.toBeNull();
    let drawn = 0;
    for (const path of places(full)) {
      for (const value of wrong) {
        const read = parseRunPayload(withValue(full, path, value));
        if (read) {
          drawn += 1;
          const view = viewOfEntry(read.runs[0], read.graphs);
          expect(view.run.run_id).toBe(payload.runs[0].run_id);
          expect(typeof view.run.state).toBe('string');
          expect(Number.isFinite(view.counts.total)).toBe(true);
          for (const task of Object.values(view.tasks)) {
            expect(typeof task.name).toBe('string');
          }
        }
      }
    }
    expect(drawn).toBeGreaterThan(50);
  });

  it('takes a state that it does not know for the word of a service', () => {
    const read = parseRunPayload(
      withValue(full, ['runs', '0', 'snapshot', 'state'], 'EXPLODED')
    );
    const view = read && viewOfEntry(read.runs[0], read.graphs);
    expect(view?.run).toMatchObject({
      state: 'UNKNOWN',
      state_raw: 'EXPLODED'
    });
  });
});

describe('the limits of a payload', () => {
  const long = 'x'.repeat(100_000);

  it('hold for every text, whatever a notebook holds', () => {
    for (const path of places(full)) {
      const read = parseRunPayload(withValue(full, path, long));
      const view = read && viewOfEntry(read.runs[0], read.graphs);
      // a column of a graph may be long, a name never
      expect(longest({ ...view, graph: undefined })).toBeLessThanOrEqual(1000);
    }
  });

  it('hold for every list and map', () => {
    for (const path of places(full)) {
      const value = at(full, path);
      if (typeof value !== 'object' || value === null) {
        continue;
      }
      const [first] = Object.values(value) as unknown[];
      const many = Array.from({ length: 2000 }, () => first);
      const read = parseRunPayload(
        withValue(
          full,
          path,
          Array.isArray(value) ? many : { ...value, ...many }
        )
      );
      const view = read && viewOfEntry(read.runs[0], read.graphs);
      expect(view?.warnings.length ?? 0).toBeLessThanOrEqual(5);
      expect(view?.failure?.log_tail?.length ?? 0).toBeLessThanOrEqual(20);
      expect(view?.run.parameters.length ?? 0).toBeLessThanOrEqual(50);
      expect(Object.keys(view?.loops ?? {}).length).toBeLessThanOrEqual(20);
      expect(Object.keys(read?.graphs ?? {}).length).toBeLessThanOrEqual(10);
      expect(read?.runs.length ?? 0).toBeLessThanOrEqual(100);
      expect(read?.runs[0].snapshot.results?.length ?? 0).toBeLessThanOrEqual(
        30
      );
      expect(read?.runs[0].cell?.sources?.length ?? 0).toBeLessThanOrEqual(20);
    }
  });

  it('leave alone what is within them, and what is not known', () => {
    const newer = { ...full, theme: { a: long } };
    expect(parseRunPayload(newer)).toEqual(newer);
    expect(JSON.stringify(parseRunPayload(newer))).toBe(JSON.stringify(newer));
  });
});

describe('viewOfEntry', () => {
  it('keeps the counts of a payload whose columns were cut away', () => {
    const entry = {
      ...payload.runs[0],
      graph: undefined,
      snapshot: {
        ...payload.runs[0].snapshot,
        tasks: undefined,
        counts: { SUCCEEDED: 700, FAILED: 1, SKIPPED: 2 }
      }
    };
    const read = parseRunPayload({ ...payload, runs: [entry] });
    expect(read && viewOfEntry(read.runs[0], read.graphs).counts).toMatchObject(
      { total: 701, done: 701, succeeded: 700 }
    );
  });

  it('reads the names of tasks with blanks', () => {
    const graphs = {
      g: { v: 'load%20it train eval', e: '0-1', p: '- - -', k: 'TTT' }
    };
    const read = parseRunPayload({ ...payload, graphs });
    const view = read && viewOfEntry(read.runs[0], read.graphs);
    expect(Object.keys(view?.tasks ?? {})).toContain('load it');
  });
});

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown>)[key],
    tree
  );
}

/** Characters of the longest text in a tree, its keys included. */
function longest(tree: unknown): number {
  return typeof tree === 'string'
    ? tree.length
    : typeof tree === 'object' && tree !== null
      ? Math.max(
          0,
          ...Object.entries(tree).map(([key, value]) =>
            Math.max(key.length, longest(value))
          )
        )
      : 0;
}
