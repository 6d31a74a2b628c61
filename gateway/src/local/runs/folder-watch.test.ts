import assert from 'node:assert/strict';
import { it } from 'node:test';

import { FolderWatch } from './folder-watch.ts';

it('stops the runs of a deleted folder, and then says once that it is lost', () => {
  const told: string[] = [];
  let isGone = false;
  let isActive = true;
  const watch = new FolderWatch({
    isGone: () => isGone,
    isActive: () => isActive,
    stopAll: () => told.push('stop'),
    gone: () => told.push('gone')
  });
  watch.look();
  assert.deepEqual(told, []);
  isGone = true;
  watch.look();
  watch.look();
  assert.deepEqual(told, ['stop']);
  isActive = false;
  watch.look();
  assert.deepEqual(told, ['stop', 'gone']);
});

it('gives up on a run that does not end', () => {
  let gone = 0;
  const watch = new FolderWatch({
    isGone: () => true,
    isActive: () => true,
    stopAll: () => undefined,
    gone: () => gone++
  });
  for (let seconds = 0; seconds < 20 && gone === 0; seconds++) {
    watch.look();
  }
  assert.equal(gone, 1);
});
