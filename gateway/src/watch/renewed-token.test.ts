/** The token of a cluster runs out in the middle of a run and is renewed: the picture and the log go on, and no byte is missing. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import {
  openGateway,
  shellPipeline,
  TOKEN,
  until,
  type GatewayRig
} from '../testing/gateway-rig.ts';
import { openRemote, type Remote } from '../testing/remote.ts';
import { Page } from './testing/watch-rig.ts';

const RUNS = '/api/connections/env/runs';
const LINES = 40;

describe('a token that is renewed in the middle of a run', () => {
  let remote: Remote;
  let rig: GatewayRig;
  let tokenFile: string;

  before(async () => {
    remote = await openRemote('the-first-token');
    tokenFile = join(remote.rig.folder, 'token');
    writeFileSync(tokenFile, 'the-first-token');
    rig = await openGateway({
      KF_PIPELINES_ENDPOINT: `${remote.address}/`,
      KF_PIPELINES_SA_TOKEN_PATH: tokenFile
    });
    await rig.gateway.search();
    await rig.gateway.app.listen({ port: 0, host: '127.0.0.1' });
  });
  after(async () => {
    await rig.close();
    await remote.close();
  });

  it('says so meanwhile, finds back by itself, and loses no byte of the log', async () => {
    const script = `i=0; while [ $i -lt ${LINES} ]; do i=$((i+1)); echo line $i; sleep 0.15; done`;
    const made = await rig.ask('POST', RUNS, {
      pipeline: { text: JSON.stringify(shellPipeline(script)) },
      name: 'long'
    });
    assert.equal(made.statusCode, 200, made.body);
    const { run_id } = made.json().run as { run_id: string };
    const { tasks } = await until(
      async () =>
        (await rig.ask('GET', `${RUNS}/${run_id}/view?detail=tasks`)).json()
          .view as {
          readonly tasks: Record<string, { id: string; state: string }>;
        },
      view => Object.values(view.tasks).some(task => task.state === 'RUNNING')
    );
    const [task] = Object.values(tasks);

    const { port } = rig.gateway.app.server.address() as AddressInfo;
    const page = await Page.open(`ws://127.0.0.1:${port}/t/${TOKEN}/api/watch`);
    page.send({ op: 'hello', client: 'c', version: '1' });
    const ref = { connection: 'env', run_id };
    page.send({ op: 'sub', sub: 1, kind: 'run', ref, detail: 'tasks' });
    page.send({
      op: 'log.open',
      log: 2,
      sub: 1,
      task_id: task!.id,
      attempt: 0,
      stream: 'main',
      from: 0
    });
    let text = '';
    let next = 0;
    const states: string[] = [];
    const see = async (isEnough: () => boolean): Promise<void> => {
      await until(
        async () => {
          for (const frame of page.frames.splice(0)) {
            if (frame.op === 'log') {
              assert.equal(frame.offset, next, 'neither twice nor left out');
              assert.equal(frame.lost, undefined);
              text += frame.text;
              next = frame.next;
            } else if (frame.op === 'link') {
              states.push(frame.state);
            } else if (frame.op === 'log.end') {
              states.push(`log ${frame.reason}`);
            }
          }
          return isEnough();
        },
        enough => enough
      );
    };
    await see(() => text.includes('line 3\n') && states.includes('live'));
    assert.deepEqual(states, ['live']);

    remote.token = 'the-second-token';
    await see(() => states.at(-1) === 'sign-in');
    writeFileSync(tokenFile, 'the-second-token');
    await see(() => states.at(-1) === 'live');
    await see(() => states.includes('log finished'));
    assert.equal(
      text,
      Array.from({ length: LINES }, (_, i) => `line ${i + 1}\n`).join('')
    );
    page.end();
  });
});
