import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { watchIdle } from './idle.ts';
import { openGateway, type GatewayRig } from './testing/gateway-rig.ts';

/** Minutes: the watch looks every quarter of it. */
const SHORT = 0.003;

describe('the idle end', () => {
  let rig: GatewayRig;
  let port: number;
  before(async () => {
    rig = await openGateway();
    port = Number(
      new URL(await rig.gateway.app.listen({ port: 0, host: '127.0.0.1' })).port
    );
  });
  after(() => rig.close());

  const watch = (isBusy: () => boolean) => {
    let stopped = 0;
    const end = watchIdle({ ...rig.gateway, isBusy }, SHORT, () => stopped++);
    return { end, stopped: () => stopped };
  };

  it('comes after its time without requests or work', async () => {
    const { end, stopped } = watch(() => false);
    await sleep(600);
    end();
    assert.ok(stopped() > 0);
  });

  it('waits while something runs', async () => {
    const { end, stopped } = watch(() => true);
    await sleep(600);
    end();
    assert.equal(stopped(), 0);
  });

  it('waits while a connection is open, and counts from its end', async () => {
    const { end, stopped } = watch(() => false);
    const socket = connect(port, '127.0.0.1');
    await sleep(600);
    assert.equal(stopped(), 0);
    socket.destroy();
    await sleep(800);
    end();
    assert.ok(stopped() > 0);
  });

  it('never comes with 0 minutes', async () => {
    let stopped = 0;
    watchIdle(rig.gateway, 0, () => stopped++)();
    await sleep(50);
    assert.equal(stopped, 0);
  });
});
