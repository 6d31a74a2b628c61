/** What a plan says of the cache: `unknown` only where it depends on what a task is yet to give. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { PipelineDocument } from 'jupyterlab-kfp-model';

import {
  artifact,
  from,
  gives,
  pipeline,
  type ComponentText,
  type TaskText
} from './testing/pipeline-text.ts';
import { TestEngine } from './testing/test-engine.ts';

const MAKE: ComponentText = {
  in: { x: 'STRING' },
  out: { Output: 'STRING' },
  outArtifacts: { data: artifact }
};
const USE: ComponentText = { inArtifacts: { data: artifact } };

describe('the forecast of the cache', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine();
    test.does({
      make: ({ inputs }) => ({ Output: inputs['x'] ?? '', data: 'bytes' })
    });
  });
  afterEach(() => test.close());

  const foretold = async (document: PipelineDocument, v: string) => {
    const { tasks } = await test.engine.plan(test.make(document, { v }));
    return Object.fromEntries(tasks.map(({ path, cache }) => [path, cache]));
  };
  const make = (more: TaskText = {}): TaskText => ({
    with: { x: from.input('v') },
    cache: true,
    ...more
  });

  it('is new for all of a pipeline that never ran', async () => {
    const document = pipeline(
      {
        in: { v: 'STRING' },
        tasks: {
          make: make(),
          next: make({ of: 'make', with: { x: from.output('make') } })
        }
      },
      { make: MAKE }
    );
    const all = (cache: string) => ({ make: cache, next: cache });
    assert.deepEqual(await foretold(document, 'a'), all('new'));
    await test.run(document, { v: 'a' });
    assert.deepEqual(await foretold(document, 'a'), all('hit'));
    assert.deepEqual(await foretold(document, 'b'), {
      make: 'new',
      next: 'unknown'
    });
  });

  it('looks up what only waits, and what has a key of its own', async () => {
    const document = pipeline(
      {
        in: { v: 'STRING' },
        tasks: {
          make: make(),
          waits: make({
            of: 'make',
            with: { x: from.constant('same') },
            after: ['make']
          }),
          fresh: make({
            of: 'make',
            with: { x: from.input('v') },
            after: ['waits', 'make']
          }),
          keyed: make({
            of: 'make',
            with: { x: from.output('make') },
            cache: 'mine'
          }),
          branch: make({
            of: 'make',
            with: { x: from.constant('same') },
            after: ['make'],
            when: 'true'
          })
        }
      },
      { make: MAKE }
    );
    await test.run(document, { v: 'a' });
    assert.deepEqual(await foretold(document, 'b'), {
      make: 'new',
      waits: 'hit',
      fresh: 'new',
      keyed: 'hit',
      branch: 'unknown'
    });
  });

  it('follows new artifacts into groups, out of them and through loops', async () => {
    const document = pipeline(
      {
        in: { v: 'STRING' },
        tasks: {
          make: make(),
          group: {
            artifacts: { given: from.artifact('make') },
            with: { v: from.input('v') }
          },
          after: {
            of: 'use',
            cache: true,
            artifacts: { data: from.artifact('group', 'given') }
          },
          loop: {
            artifacts: { given: from.artifact('make') },
            more: {
              artifactIterator: {
                items: { inputArtifact: 'given' },
                itemInput: 'one'
              }
            }
          }
        }
      },
      {
        make: MAKE,
        use: USE,
        group: {
          in: { v: 'STRING' },
          inArtifacts: { given: artifact },
          outArtifacts: { given: artifact },
          tasks: {
            use: {
              cache: true,
              artifacts: { data: from.inputArtifact('given') }
            },
            inner: make({ of: 'make' })
          },
          outputs: gives({}, { given: [['inner', 'data']] })
        },
        loop: {
          inArtifacts: { given: artifact, one: artifact },
          tasks: {
            use: { cache: true, artifacts: { data: from.inputArtifact('one') } }
          }
        }
      }
    );
    const { state, error } = await test.run(document, { v: 'a' });
    assert.equal(state, 'SUCCEEDED', error);
    const {
      'group.inner': inner,
      after,
      ...rest
    } = await foretold(document, 'b');
    assert.deepEqual(rest, {
      make: 'new',
      'group.use': 'new',
      'loop.use': 'new'
    });
    // Its own inputs are values that no task gives, though its group waits for one.
    assert.deepEqual([inner, after], ['new', 'new']);
    const { 'group.inner': again } = await foretold(document, 'a');
    assert.equal(again, 'hit');
  });

  it('looks into pipelines and loops that wait, as far as they take nothing new', async () => {
    const same = make({ of: 'make', with: { x: from.constant('same') } });
    const document = pipeline(
      {
        in: { v: 'STRING' },
        tasks: {
          make: make(),
          group: {
            after: ['make'],
            with: { v: from.output('make'), w: from.constant('same') }
          },
          loop: {
            after: ['make'],
            with: { v: from.input('v') },
            more: {
              parameterIterator: {
                items: { raw: '["same", "other"]' },
                itemInput: 'item'
              }
            }
          },
          maybe: {
            of: 'group',
            after: ['make'],
            when: 'true',
            with: { v: from.input('v'), w: from.constant('same') }
          }
        }
      },
      {
        make: MAKE,
        group: {
          in: { v: 'STRING', w: 'STRING' },
          tasks: {
            takes: make({ of: 'make' }),
            known: same,
            follows: make({ of: 'make', with: { x: from.output('known') } }),
            waits: { ...same, after: ['takes'] },
            deep: { with: { v: from.input('v'), w: from.input('w') } }
          }
        },
        deep: {
          in: { v: 'STRING', w: 'STRING' },
          tasks: {
            takes: make({ of: 'make' }),
            known: make({ of: 'make', with: { x: from.input('w') } })
          }
        },
        loop: {
          in: { v: 'STRING', item: 'STRING' },
          tasks: {
            item: make({ of: 'make', with: { x: from.input('item') } }),
            value: make({ of: 'make' })
          }
        }
      }
    );
    const { state, error } = await test.run(document, { v: 'a' });
    assert.equal(state, 'SUCCEEDED', error);
    assert.deepEqual(await foretold(document, 'b'), {
      make: 'new',
      'group.takes': 'unknown',
      'group.known': 'hit',
      'group.follows': 'hit',
      'group.waits': 'hit',
      'group.deep.takes': 'unknown',
      'group.deep.known': 'hit',
      'loop.item': 'hit',
      'loop.value': 'new',
      'maybe.takes': 'unknown',
      'maybe.known': 'unknown',
      'maybe.follows': 'unknown',
      'maybe.waits': 'unknown',
      'maybe.deep.takes': 'unknown',
      'maybe.deep.known': 'unknown'
    });
  });
});
