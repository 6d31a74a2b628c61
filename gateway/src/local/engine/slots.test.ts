/** Workers: a task that waits for its environment leaves its slot to others, and has one again before it begins. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { Slots } from './slots.ts';
import { pipeline } from './testing/pipeline-text.ts';
import { TestEngine } from './testing/test-engine.ts';

const never = new AbortController().signal;

describe('worker slots', () => {
  it('come back to those who wait before new tasks get one', async () => {
    const slots = new Slots(1);
    const node = (runId: string) => ({ runId }) as never;
    slots.push(node('a'));
    slots.push(node('b'));
    assert.ok(slots.take());
    let freed = 0;
    const first = slots.lease(() => (freed += 1));
    first.leave();
    first.leave();
    assert.equal(freed, 1);
    assert.ok(slots.take());
    const second = slots.lease(() => undefined);
    let isIn = false;
    const entered = first.enter(never).then(() => (isIn = true));
    slots.push(node('c'));
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(isIn, false);
    second.end();
    assert.equal(slots.take(), undefined, 'the first is served first');
    await entered;
    first.end();
    assert.ok(slots.take());
  });

  it('do not keep a stopped task waiting, nor get lost with it', async () => {
    const slots = new Slots(1);
    slots.push({ runId: 'a' } as never);
    slots.push({ runId: 'b' } as never);
    slots.take();
    const first = slots.lease(() => undefined);
    first.leave();
    slots.take();
    const second = slots.lease(() => undefined);
    const stop = new AbortController();
    const entered = first.enter(stop.signal);
    stop.abort();
    await entered;
    first.end();
    slots.push({ runId: 'c' } as never);
    assert.equal(slots.take(), undefined, 'the second still has the only one');
    second.end();
    assert.ok(slots.take());
  });
});

describe('a task that waits for its environment', () => {
  let test: TestEngine;
  beforeEach(() => {
    test = new TestEngine({ maxTasks: 1 });
  });
  afterEach(() => test.close());

  it('lets others run meanwhile, and says what it waits for', async () => {
    const order: string[] = [];
    let built = (): void => undefined;
    const build = new Promise<void>(resolve => {
      built = resolve;
    });
    let reason: string | undefined;
    let ready: string | undefined;
    const run = test.make(
      pipeline({ tasks: { a: {}, b: {}, c: {} } }, { a: {}, b: {}, c: {} })
    );
    test.does({
      a: async ({ listener }) => {
        listener.waiting('installing numpy');
        await build;
        await listener.ready(never);
        order.push('a');
        return {};
      },
      b: () => {
        order.push('b');
        reason = test.engine
          .tasks(run.runId)
          .find(({ key }) => key === 'a')?.reason;
        return {};
      },
      c: async () => {
        built();
        await new Promise(resolve => setTimeout(resolve, 30));
        ready = test.engine
          .tasks(run.runId)
          .find(({ key }) => key === 'a')?.reason;
        order.push('c');
        return {};
      }
    });
    test.start(run);
    const { state, error } = await test.ended(run.runId);
    assert.equal(state, 'SUCCEEDED', error);
    assert.deepEqual(order, ['b', 'c', 'a']);
    assert.equal(reason, 'installing numpy');
    assert.equal(ready, 'ready; waits until one of the running tasks ends');
    const [a] = test.engine.tasks(run.runId).filter(({ key }) => key === 'a');
    assert.equal(a?.reason, undefined);
  });
});
