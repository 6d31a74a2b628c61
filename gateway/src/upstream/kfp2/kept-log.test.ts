import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Kfp2Source } from './kfp2-source.ts';

const LOG = 'one line of many\n'.repeat(1000);
const HALF = Buffer.from('火').subarray(0, 2);

/** A cluster with one task, whose log has grown by one more each time that it is read. */
function cluster(state: 'RUNNING' | 'SUCCEEDED', tail = Buffer.alloc(0)) {
  let reads = 0;
  const details = [
    { task_id: 'root' },
    {
      task_id: 't',
      parent_task_id: 'root',
      display_name: 'say',
      pod_name: 'pod',
      state
    }
  ];
  const run = {
    run_id: 'r',
    state,
    run_details: { task_details: details }
  };
  const source = new Kfp2Source({
    ref: { profile: 'c', fingerprint: 'f', flavour: 'kfp2' },
    upstream: {
      name: 'c',
      address: 'http://c',
      hasCredential: false,
      clean: text => text,
      send: path => {
        if (!path.endsWith('/log')) {
          return Promise.resolve(Response.json(run));
        }
        reads += 1;
        return Promise.resolve(
          new Response(Buffer.concat([Buffer.from(LOG.repeat(reads)), tail]))
        );
      }
    },
    texts: () => '',
    nextFire: () => undefined
  });
  const read = (from: number) =>
    source.log({
      runId: 'r',
      taskId: 't',
      attempt: 0,
      stream: 'main',
      from,
      limit: 6000
    });
  return { read, reads: () => reads };
}

describe('a log that a cluster gives whole', () => {
  it('is read once for all of its pieces', async () => {
    const { read, reads } = cluster('SUCCEEDED');
    let text = '';
    for (let from = 0, end = false; !end;) {
      const piece = await read(from);
      text += piece.text;
      from = piece.next;
      end = piece.end;
    }
    assert.equal(text, LOG);
    assert.equal(reads(), 1);
  });

  it('is read again at its end while more may come, and where its end is asked for', async () => {
    const { read, reads } = cluster('RUNNING');
    await read(0);
    const more = await read(LOG.length);
    assert.equal(more.size, 2 * LOG.length);
    assert.equal(reads(), 2);
    await read(-100);
    assert.equal(reads(), 3);
  });

  it('is read again where it ends in the middle of a character', async () => {
    const { read, reads } = cluster('RUNNING', HALF);
    await read(0);
    assert.equal((await read(LOG.length)).size, 2 * LOG.length + HALF.length);
    assert.equal(reads(), 2);
  });
});
