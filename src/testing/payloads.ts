/** Payloads as notebooks hold them, for tests. */

/** A small run that failed. */
export const PAYLOAD = {
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

/** The same with every field there is. */
export const FULL_PAYLOAD = {
  ...PAYLOAD,
  runs: [
    {
      ...PAYLOAD.runs[0],
      experiment: { id: 'e', name: 'x' },
      cell: { id: 'c', digest: 'd', sources: [{ id: 'c', digest: 'd' }] },
      params: { a: 1 },
      snapshot: {
        ...PAYLOAD.runs[0].snapshot,
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
/** Every place in a tree of JSON, as a path. */
export function places(
  value: unknown,
  path: readonly string[] = []
): string[][] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) =>
          places(each, [...path, key])
        )
      : [];
  return path.length === 0 ? inner : [[...path], ...inner];
}

/** A copy of a tree with another value in one place. */
export function withValue(
  tree: unknown,
  path: string[],
  value: unknown
): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(tree));
  let at = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) {
    at = at[key] as Record<string, unknown>;
  }
  at[path[path.length - 1]] = value;
  return copy;
}
