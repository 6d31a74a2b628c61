import assert from 'node:assert/strict';
import { it } from 'node:test';

import { sharedMemory } from './platform-fields.ts';

it('shared memory is as large as asked for, or half of what there is', () => {
  const of = (size?: string) =>
    sharedMemory(
      { enabledSharedMemory: size === undefined ? {} : { size } },
      1000
    );
  assert.equal(of('2Gi'), 2 * 1024 ** 3);
  assert.equal(of('500M'), 500e6);
  assert.equal(of('1.5Ki'), 1536);
  assert.equal(of('4096'), 4096);
  assert.deepEqual([of(), of(''), of('much')], [500, 500, 500]);
  assert.equal(sharedMemory({}, 1000), undefined);
});
