import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  applyMerge,
  MAX_CLIENT_FRAME,
  MAX_SERVER_FRAME,
  type RunView
} from 'jupyterlab-kfp-model';
import { WebSocket } from 'ws';

import { ProblemError } from '../problem.ts';
import { RUN_ID, viewOf } from './testing/scripted-source.ts';
import { Page, WatchRig } from './testing/watch-rig.ts';

const REF = { connection: 'local', run_id: RUN_ID };
const SUB = {
  op: 'sub',
  sub: 1,
  kind: 'run',
  ref: REF,
  visible: true,
  detail: 'tasks'
};
const LOG = {
  op: 'log.open',
  log: 7,
  sub: 1,
  task_id: 'a',
  attempt: 0,
  stream: 'main'
};

describe('the watch socket', () => {
  let rig: WatchRig;
  let page: Page;

  beforeEach(async () => {
    rig = await WatchRig.open();
    page = await rig.page();
  });
  afterEach(() => rig.close());

  it('greets, and refuses what comes before the greeting', async () => {
    const stranger = await Page.open(rig.url);
    stranger.send(SUB);
    assert.equal((await stranger.next('err')).code, 'bad-frame');
    stranger.send({ op: 'hello', client: 'c', version: '1' });
    const { version, heartbeat_s } = await stranger.next('welcome');
    assert.deepEqual([version, heartbeat_s], ['1.2.3', 15]);
    stranger.end();
  });

  it('accepts no other subprotocol', async () => {
    const socket = new WebSocket(rig.url, 'kfp.watch.9');
    const [error] = (await once(socket, 'error')) as [Error];
    assert.match(error.message, /subprotocol/i);
  });

  it('sends a snap, then patches, then nothing while nothing changes', async () => {
    page.send(SUB);
    const snap = await page.next('snap');
    assert.equal(snap.seq, 1);
    assert.equal((await page.next('link')).state, 'live');
    rig.backend.show(viewOf({ a: 'RUNNING' }));
    const patch = await page.next('patch');
    assert.equal(patch.seq, 2);
    const view = applyMerge(snap.view as RunView, patch.merge);
    assert.deepEqual(view, rig.backend.view);
    rig.backend.push();
    await sleep(600);
    assert.deepEqual(page.frames, []);
  });

  it('merges changes to one patch in 250 ms for a page that shows them', async () => {
    page.send(SUB);
    await page.next('snap');
    for (let n = 0; n < 40; n++) {
      rig.backend.show(
        viewOf({ a: 'RUNNING' }, 'RUNNING', { warnings: [String(n)] })
      );
      await sleep(20);
    }
    await sleep(400);
    const patches = page.frames.filter(({ op }) => op === 'patch').length;
    assert.ok(patches >= 2 && patches <= 6, `${patches} patches in 1.2 s`);
  });

  it('sends tasks only to who asked for them, and to a hidden page at its own pace', async () => {
    page.send({ ...SUB, detail: 'header', visible: false });
    const snap = await page.next('snap');
    assert.deepEqual((snap.view as RunView).tasks, {});
    const other = await rig.page();
    other.send(SUB);
    await other.next('snap');
    rig.backend.show(viewOf({ a: 'SUCCEEDED' }));
    await other.next('patch');
    await sleep(300);
    assert.ok(!page.frames.some(({ op }) => op === 'patch'));
    assert.ok(await page.next('patch', 3000));
    page.send({ op: 'vis', sub: 1, visible: true, detail: 'tasks' });
    const full = await page.next('snap');
    assert.equal((full.view as RunView).tasks.a?.state, 'SUCCEEDED');
  });

  it('sends a page that nobody sees first pictures and ends, and the whole picture when somebody looks again', async () => {
    page.send({ op: 'page', visible: false });
    page.send(SUB);
    assert.equal((await page.next('snap')).seq, 1, 'it has none yet');
    const look = async (): Promise<void> => {
      const { length } = rig.backend.looks;
      page.send({ op: 'refresh', sub: 1 });
      while (rig.backend.looks.length === length) {
        await sleep(10);
      }
      await sleep(50);
    };
    for (const state of ['RUNNING', 'SUCCEEDED', 'RUNNING'] as const) {
      rig.backend.view = viewOf({ a: state });
      await look();
    }
    rig.backend.problem = new ProblemError('upstream-down', 'Why.');
    await look();
    assert.deepEqual(page.frames, [], 'nobody would see it');
    page.send({ op: 'page', visible: true });
    assert.equal((await page.next('link')).state, 'stale');
    const whole = (await page.next('snap')).view as RunView;
    assert.equal(whole.tasks.a?.state, 'RUNNING');

    page.send({ op: 'page', visible: false });
    page.send({ op: 'vis', sub: 1, visible: false, detail: 'header' });
    rig.backend.problem = undefined;
    rig.backend.view = viewOf({ a: 'SUCCEEDED' });
    await look();
    assert.deepEqual(page.frames, []);
    rig.backend.view = viewOf({ a: 'SUCCEEDED' }, 'SUCCEEDED');
    await look();
    const end = (await page.next('snap')).view as RunView;
    assert.equal(end.run.state, 'SUCCEEDED');
  });

  it('sends who only wants the end nothing in between', async () => {
    page.send({ ...SUB, visible: false, detail: 'end' });
    const first = (await page.next('snap')).view as RunView;
    assert.deepEqual(first.tasks, {});
    for (const [task, run] of [
      ['SUCCEEDED', 'RUNNING'],
      ['SUCCEEDED', 'FAILED']
    ] as const) {
      rig.backend.view = viewOf({ a: task }, run);
      page.send({ op: 'refresh', sub: 1 });
      await sleep(100);
    }
    const second = await page.until(
      frame => frame.op === 'snap' || frame.op === 'patch',
      'a picture'
    );
    assert.match(JSON.stringify(second), /"state":"FAILED"/);
  });

  it('goes on with the missing patches where the page names its place', async () => {
    page.send(SUB);
    const { epoch } = await page.next('snap');
    page.end();
    const back = await rig.page();
    const watch = await rig.page();
    watch.send(SUB);
    await watch.next('snap');
    rig.backend.show(viewOf({ a: 'RUNNING' }));
    await watch.next('patch');
    back.send({ ...SUB, epoch, seq: 1 });
    assert.equal((await back.next('patch')).seq, 2);
  });

  it('sends a snap for a place of another life, or one that is yet to come', async () => {
    page.send({ ...SUB, epoch: 'of-before', seq: 3 });
    const { epoch } = await page.next('snap');
    page.send({ ...SUB, epoch, seq: 99 });
    assert.equal((await page.next('snap')).seq, 1);
  });

  it('replaces what a slow reader missed by one snap', async () => {
    const changes = 24;
    const big = (n: number) =>
      viewOf({ a: 'RUNNING' }, 'RUNNING', {
        warnings: Array.from(
          { length: 200 },
          (_, i) => `${n} ${i} ${'x'.repeat(3500)}`
        )
      });
    page.send(SUB);
    await page.next('snap');
    page.pause();
    for (let n = 0; n < changes; n++) {
      rig.backend.show(big(n));
      await sleep(260);
    }
    page.resume();
    let view: RunView = viewOf({ a: 'PENDING' });
    let snaps = 0;
    let patches = 0;
    while (view.warnings[0] !== rig.backend.view.warnings[0]) {
      const frame = await page.until(
        frame => frame.op === 'snap' || frame.op === 'patch',
        'the newest picture'
      );
      if (frame.op === 'snap') {
        snaps += 1;
        view = frame.view as RunView;
      } else {
        patches += 1;
        view = applyMerge(view, frame.merge);
      }
    }
    assert.equal(snaps, 1);
    assert.ok(patches < changes - 3, `${patches} patches`);
    assert.deepEqual(view, rig.backend.view);
  });

  it('keeps every frame below its limit, views of 5,000 tasks too', async () => {
    rig.backend.view = viewOf(
      Object.fromEntries(
        Array.from({ length: 5000 }, (_, n) => [
          `task-${n}-火`,
          'PENDING' as const
        ])
      )
    );
    page.send(SUB);
    const snap = await page.next('snap');
    let view = snap.view as RunView;
    assert.ok(Buffer.byteLength(JSON.stringify(snap)) <= MAX_SERVER_FRAME);
    while (Object.keys(view.tasks).length < 5000) {
      const patch = await page.next('patch');
      assert.ok(Buffer.byteLength(JSON.stringify(patch)) <= MAX_SERVER_FRAME);
      view = applyMerge(view, patch.merge);
    }
    assert.deepEqual(view, rig.backend.view);
  });

  it('refuses frames that are too large, no JSON, no known op or of a wrong shape', async () => {
    const refusals: [object | string | Buffer, string][] = [
      [{ ...SUB, pad: 'x'.repeat(MAX_CLIENT_FRAME) }, 'frame-too-large'],
      ['{', 'bad-frame'],
      ['[]', 'bad-frame'],
      [Buffer.from([1, 2]), 'bad-frame'],
      [{ op: 'eval' }, 'bad-frame'],
      [{ op: 'toString' }, 'bad-frame'],
      [{ ...SUB, kind: 'secrets' }, 'bad-frame'],
      [{ ...SUB, sub: -1 }, 'bad-frame'],
      [{ op: 'vis', sub: 44, visible: true }, 'bad-frame'],
      [{ ...LOG, sub: 44, from: 0 }, 'bad-frame']
    ];
    for (const [frame, code] of refusals) {
      page.send(frame);
      assert.equal((await page.next('err')).code, code);
    }
    page.send(SUB);
    assert.ok(await page.next('snap'), 'the socket lives on');
  });

  it('says that a run is gone, and which way', async () => {
    rig.backend.problem = new ProblemError('not-found', 'No such run.');
    page.send(SUB);
    assert.equal((await page.next('gone')).reason, 'not-found');
    rig.backend.problem = undefined;
    page.send({ op: 'refresh', sub: 1 });
    await page.next('snap');
    rig.backend.problem = new ProblemError('not-found', 'No such run.');
    rig.backend.push();
    assert.equal((await page.next('gone')).reason, 'deleted');
  });

  it('tells by the link why nothing new comes, and finds back', async () => {
    page.send(SUB);
    await page.next('snap');
    await page.next('link');
    for (const [code, state] of [
      ['auth-expired', 'sign-in'],
      ['auth-denied', 'no-access'],
      ['upstream-down', 'stale']
    ] as const) {
      rig.backend.problem = new ProblemError(code as 'auth-expired', 'Why.');
      page.send({ op: 'refresh', sub: 1 });
      assert.equal((await page.next('link')).state, state);
    }
    rig.backend.problem = undefined;
    page.send({ op: 'refresh', sub: 1 });
    assert.equal((await page.next('link')).state, 'live');
  });

  it('follows the connection to another service, and says when there is none', async () => {
    page.send(SUB);
    await page.next('link');
    const source = rig.backend.source();
    rig.connect(undefined);
    assert.equal((await page.next('link')).state, 'unknown-connection');
    rig.backend.view = viewOf({ a: 'FAILED' }, 'FAILED');
    rig.connect(source);
    const patch = await page.next('patch');
    assert.match(JSON.stringify(patch.merge), /FAILED/);
  });

  it('looks at a service that cannot push every second while the run is fresh', async () => {
    await rig.close();
    rig = await WatchRig.open(false);
    rig.backend.view = viewOf({ a: 'PENDING' }, 'RUNNING', {
      run: {
        ...viewOf({}).run,
        created_at: new Date().toISOString()
      }
    });
    page = await rig.page();
    page.send(SUB);
    await page.next('snap');
    await sleep(2500);
    assert.ok(
      rig.backend.looks.length >= 3 && rig.backend.looks.length <= 4,
      `${rig.backend.looks.length} looks`
    );
    rig.backend.view = viewOf({ a: 'SUCCEEDED' }, 'SUCCEEDED');
    await page.next('patch');
    const { length } = rig.backend.looks;
    await sleep(2500);
    assert.equal(
      rig.backend.looks.length,
      length,
      'a run that ended is left alone'
    );
  });

  it('shares one watcher among pages', async () => {
    const pages = await Promise.all([1, 2, 3].map(() => rig.page()));
    for (const each of pages) {
      each.send(SUB);
      each.send({ ...SUB, sub: 2 });
    }
    await Promise.all(pages.map(each => each.next('snap')));
    rig.backend.looks.length = 0;
    rig.backend.show(viewOf({ a: 'RUNNING' }));
    await Promise.all(pages.map(each => each.next('patch')));
    assert.equal(rig.backend.looks.length, 1);
    assert.equal(rig.backend.listeners, 1);
  });
});

describe('a log over the watch socket', () => {
  let rig: WatchRig;
  let page: Page;

  beforeEach(async () => {
    rig = await WatchRig.open();
    rig.backend.view = viewOf({ a: 'RUNNING' });
    page = await rig.page();
    page.send(SUB);
    await page.next('snap');
  });
  afterEach(() => rig.close());

  it('opens at the last bytes, follows, and ends', async () => {
    rig.backend.write('x'.repeat(1000) + 'end\n');
    page.send({ ...LOG, from: -4 });
    const first = await page.next('log');
    assert.deepEqual(
      [first.offset, first.text, first.next],
      [1000, 'end\n', 1004]
    );
    rig.backend.write('more\n');
    assert.equal((await page.next('log')).text, 'more\n');
    rig.backend.isLogEnded = true;
    rig.backend.write('last');
    assert.equal((await page.next('log')).text, 'last');
    const end = await page.next('log.end');
    assert.deepEqual([end.reason, end.offset], ['finished', 1013]);
    assert.equal(rig.backend.listeners, 1, 'only the run is listened to');
  });

  it('goes on at the byte the page names, and marks what is lost', async () => {
    rig.backend.write('0123456789');
    rig.backend.logStart = 6;
    page.send({ ...LOG, from: 2 });
    const frame = await page.next('log');
    assert.deepEqual([frame.offset, frame.lost, frame.text], [6, 4, '6789']);
  });

  it('says nothing any more after it was closed', async () => {
    page.send({ ...LOG, from: 0 });
    rig.backend.write('a');
    await page.next('log');
    page.send({ op: 'log.close', log: 7 });
    await sleep(100);
    rig.backend.write('b');
    await sleep(400);
    assert.ok(!page.frames.some(({ op }) => op === 'log'));
  });

  it('sends each byte once, in order, whatever the bytes are', async () => {
    const pieces = [
      '火'.repeat(30_000),
      '\u0000\u001b'.repeat(60_000),
      'a\r\n'.repeat(50_000)
    ];
    page.send({ ...LOG, from: 0 });
    for (const piece of pieces) {
      rig.backend.write(piece);
      await sleep(30);
    }
    rig.backend.isLogEnded = true;
    rig.backend.write('.');
    let got = '';
    let next = 0;
    while (next < rig.backend.log.length) {
      const frame = await page.next('log');
      assert.ok(Buffer.byteLength(JSON.stringify(frame)) <= MAX_SERVER_FRAME);
      assert.equal(frame.offset, next);
      assert.equal(frame.lost, undefined);
      got += frame.text;
      next = frame.next;
    }
    assert.equal(got, rig.backend.log.toString());
  });

  it('waits for a page that nobody sees, and goes on at the next byte', async () => {
    page.send({ ...LOG, from: 0 });
    rig.backend.write('a');
    await page.next('log');
    page.send({ op: 'page', visible: false });
    await sleep(100);
    rig.backend.write('b');
    await sleep(500);
    rig.backend.write('c');
    await sleep(500);
    assert.ok(!page.frames.some(({ op }) => op === 'log'));
    page.send({ op: 'page', visible: true });
    const { offset, text, lost } = await page.next('log');
    assert.deepEqual([offset, text, lost], [1, 'bc', undefined]);
  });

  it('waits for a page that does not read', async () => {
    rig.backend.write('y'.repeat(16 * 1024 * 1024));
    page.pause();
    page.send({ ...LOG, from: 0 });
    await sleep(800);
    page.resume();
    let next = 0;
    while (next < rig.backend.log.length) {
      const frame = await page.next('log');
      assert.equal(frame.offset, next);
      next = frame.next;
    }
  });
});

describe('the end of the gateway', () => {
  it('closes every socket and leaves no timer and no listener', async () => {
    const rig = await WatchRig.open();
    rig.backend.view = viewOf({ a: 'RUNNING' });
    const page = await rig.page();
    page.send(SUB);
    await page.next('snap');
    page.send({ ...LOG, from: 0 });
    rig.backend.write('a');
    await page.next('log');
    await rig.close();
    await sleep(50);
    assert.equal(rig.backend.listeners, 0);
    const timers = process
      .getActiveResourcesInfo()
      .filter(kind => kind === 'Timeout');
    assert.deepEqual(timers, []);
  });
});
