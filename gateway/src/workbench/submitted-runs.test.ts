/** What the gateway gives a run that is submitted: a name of its own, and a log without secrets. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import {
  openGateway,
  shellPipeline,
  until,
  type GatewayRig
} from '../testing/gateway-rig.ts';

const RUNS = '/api/connections/local/runs';

/** Give a pipeline one more parameter. */
function declare(pipeline: Record<string, unknown>, name: string): void {
  const { inputDefinitions } = pipeline['root'] as {
    inputDefinitions: { parameters: Record<string, object> };
  };
  inputDefinitions.parameters[name] = { parameterType: 'STRING' };
}

describe('a submitted run', () => {
  let rig: GatewayRig;
  before(async () => {
    rig = await openGateway();
  });
  after(() => rig.close());

  const submit = async (pipeline: object, parameters: object = {}) => {
    const answer = await rig.ask('POST', RUNS, {
      pipeline: { text: JSON.stringify(pipeline) },
      parameters
    });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json().run as { run_id: string; name: string };
  };

  it('has another name than the one of the same second', async () => {
    const names: string[] = [];
    for (let at = 0; at < 3; at++) {
      names.push((await submit(shellPipeline('echo > "$1"'))).name);
    }
    assert.equal(new Set(names).size, 3, names.join());
  });

  it('has stars in its log for what a parameter of a secret name holds', async () => {
    const pipeline = shellPipeline('echo "said hunter2-canary"; echo > "$1"');
    declare(pipeline, 'db_password');
    const { run_id } = await submit(pipeline, {
      db_password: 'hunter2-canary'
    });
    const view = await until(
      async () => (await rig.ask('GET', `${RUNS}/${run_id}/view`)).json().view,
      ({ run }) => run.state === 'SUCCEEDED' || run.state === 'FAILED'
    );
    const [task] = Object.keys(view.tasks);
    const log = await rig.ask(
      'GET',
      `${RUNS}/${run_id}/tasks/${task}/log?from=0`
    );
    assert.match(log.body, /said \*{8}/);
    assert.ok(!log.body.includes('hunter2'), log.body);
  });

  it('shows a key of a well-known service as dots, whatever its name', async () => {
    const pipeline = shellPipeline('echo > "$1"');
    declare(pipeline, 'note');
    const key = `ghp_${'a1B2'.repeat(9)}`;
    const { run_id } = await submit(pipeline, { note: key });
    const { body } = await rig.ask('GET', `${RUNS}/${run_id}/view`);
    assert.ok(!body.includes(key), body);
  });
});
