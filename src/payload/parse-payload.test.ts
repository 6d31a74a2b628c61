import { parsePipelinePayload, parseRunPayload } from './parse-payload';
import { viewOfEntry } from './saved-view';

const payload = {
  schema: 'kfp.run/1',
  runs: [
    {
      run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11',
      name: 'train-1',
      connection: { profile: 'local', fingerprint: 'f', flavour: 'local' },
      pipeline: { name: 'train' },
      submitted_at: '2026-11-23T12:00:00Z',
      graph: 'g',
      snapshot: {
        final: true,
        state: 'FAILED',
        created_at: '2026-11-23T12:00:00Z',
        finished_at: '2026-11-23T12:01:00Z',
        tasks: { state: 'SFN', start: '1 10 -', dur: '5 20 -' },
        counts: { SUCCEEDED: 1, FAILED: 1, NOT_REACHED: 1 },
        failure: { task: 'train', reason: "KeyError: 'label'", exit_code: 1 }
      }
    }
  ],
  graphs: { g: { v: 'load train eval', e: '0-1 1-2', p: '- - -', k: 'TTT' } }
};

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

/** Every place in a tree of JSON, as a path. */
function places(value: unknown, path: readonly string[] = []): string[][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) =>
          places(each, [...path, key])
        )
      : [];
  return path.length === 0 ? inner : [[...path], ...inner];
}

function withValue(tree: unknown, path: string[], value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(tree));
  let at = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    at = at[key] as Record<string, unknown>;
  }
  at[path[path.length - 1]] = value;
  return copy;
}

describe('a forged payload', () => {
  const full = {
    ...payload,
    runs: [
      {
        ...payload.runs[0],
        experiment: { id: 'e', name: 'x' },
        cell: { id: 'c', digest: 'd', sources: [{ id: 'c', digest: 'd' }] },
        params: { a: 1 },
        snapshot: {
          ...payload.runs[0].snapshot,
          observed_at: '2026-11-23T12:00:00Z',
          loops: [{ task: 'load', total: 3, counts: { FAILED: 1 } }],
          waiting: { task: 'load', reason: 'r', since: 's' },
          results: [
            { task: 'load', name: 'n', kind: 'param', type: 't', value: 1 }
          ],
          warnings: ['w']
        }
      }
    ]
  };
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
