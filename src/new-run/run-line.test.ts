import type { PipelinePayload } from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import { fieldsOf, NewRunStore } from './new-run-store';
import { runLine } from './run-line';

const INPUTS: PipelinePayload['inputs'] = [
  { name: 'rows', type: 'NUMBER_INTEGER', default: '100', optional: false },
  { name: 'label', type: 'STRING', optional: false },
  { name: 'extra', type: 'STRUCT', optional: true }
];

/** A gateway that knows one compiled pipeline and writes down what is sent. */
function clientOf(sent: unknown[], refuse = 0): GatewayClient {
  let refusals = refuse;
  return {
    pipelineText: () => Promise.resolve({ text: 'ir' }),
    describe: () =>
      Promise.resolve({
        payload: {
          schema: 'kfp.pipeline/1',
          name: 'train',
          ir_digest: 'sha256:0',
          inputs: INPUTS
        }
      }),
    submit: (connection: string, request: unknown) => {
      sent.push(request);
      return refusals-- > 0
        ? Promise.reject(new Error('no answer'))
        : Promise.resolve({ run: { run_id: 'r' } });
    }
  } as unknown as GatewayClient;
}

async function storeOf(client: GatewayClient): Promise<NewRunStore> {
  const store = new NewRunStore({
    client,
    source: { kind: 'digest', digest: 'sha256:0' },
    connection: 'local'
  });
  await store.load();
  return store;
}

describe('a new run', () => {
  it('asks first for what has no default', () => {
    const names = fieldsOf(INPUTS, new Map()).map(field => field.input.name);
    expect(names).toEqual(['label', 'rows', 'extra']);
  });

  it('is not sent while a value is missing or wrong', async () => {
    const sent: unknown[] = [];
    const store = await storeOf(clientOf(sent));
    expect([...store.faults.keys()]).toEqual(['label']);
    expect(await store.start()).toBeNull();
    store.setText('label', '');
    store.setText('rows', 'ten');
    expect(store.faults.get('rows')).toEqual({ kind: 'integer' });
    expect(await store.start()).toBeNull();
    expect(sent).toEqual([]);
  });

  it('sends typed values, and leaves defaults to the service', async () => {
    const sent: { parameters?: unknown }[] = [];
    const store = await storeOf(clientOf(sent));
    store.setText('label', '');
    store.setText('extra', '{"a": 1}');
    await store.start();
    expect(sent[0].parameters).toEqual({ label: '', extra: { a: 1 } });
  });

  it('repeats the same key when nobody answered', async () => {
    const sent: { idempotency_key?: string }[] = [];
    const store = await storeOf(clientOf(sent, 1));
    store.setText('label', 'x');
    expect(await store.start()).toBeNull();
    expect(store.problem).toBe('no answer');
    expect(await store.start()).not.toBeNull();
    expect(sent[0].idempotency_key).toBe(sent[1].idempotency_key);
  });

  it('is another run after a change, though nobody answered', async () => {
    const sent: { idempotency_key?: string }[] = [];
    const store = await storeOf(clientOf(sent, 1));
    store.setText('label', 'x');
    await store.start();
    store.setText('label', 'y');
    await store.start();
    expect(sent[0].idempotency_key).not.toBe(sent[1].idempotency_key);
  });

  it('is also a line for a cell, with words quoted as the magic reads them', async () => {
    const store = await storeOf(clientOf([]));
    store.setText('label', "it's {x}");
    store.choose({ experiment: 'tuning', cache: 'off' });
    expect(runLine(store)).toBe(
      "%kfp run train -p label='it\\'s \\{x}' --on local --exp tuning --no-cache"
    );
  });
});
