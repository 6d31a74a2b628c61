import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyMerge, diffMerge } from './merge-patch.ts';

/** Objects as views are: no null anywhere in objects; lists are opaque. */
const tree = fc.letrec<{ node: unknown; leaf: unknown }>(tie => ({
  leaf: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(fc.integer(), { maxLength: 3 })
  ),
  node: fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'toString', '__proto__'),
    fc.oneof({ maxDepth: 4 }, tie('leaf'), tie('node')),
    { maxKeys: 4, noNullPrototype: true }
  )
})).node as fc.Arbitrary<Record<string, unknown>>;

describe('merge patches', () => {
  it('turn any view into any other', () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const patch = diffMerge(a, b);
        const sent = JSON.parse(JSON.stringify(patch ?? {})) as Record<
          string,
          unknown
        >;
        assert.deepEqual(applyMerge(a, sent), b);
      })
    );
  });

  it('are empty for equal views', () => {
    fc.assert(
      fc.property(tree, a => {
        assert.equal(diffMerge(a, structuredClone(a)), undefined);
      })
    );
  });

  it('delete with null and share what did not change', () => {
    const a = { run: { state: 'RUNNING' }, tasks: { x: { n: 1 } }, gone: 1 };
    const patch = diffMerge(a, { run: { state: 'FAILED' }, tasks: a.tasks });
    assert.deepEqual(patch, { gone: null, run: { state: 'FAILED' } });
    assert.equal(applyMerge(a, patch ?? {}).tasks, a.tasks);
  });
});
