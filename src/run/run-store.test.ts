import { Signal } from '@lumino/signaling';
import type { ActionRequest, SubmitRequest } from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import { GatewayError } from '../gateway/gateway-error';
import type { WatchHub } from '../gateway/watch-hub';
import { sampleView } from '../testing/sample-view';
import { RunStore } from './run-store';

const KEY = {
  connection: 'prod',
  run_id: '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11'
};

/** A store of an ended run; each request is answered by the next of these, an error or nothing. */
function storeOf(answers: (GatewayError | null)[]): {
  readonly store: RunStore;
  readonly sent: (ActionRequest | SubmitRequest)[];
} {
  const sent: (ActionRequest | SubmitRequest)[] = [];
  const answer = async <T>(
    request: ActionRequest | SubmitRequest,
    value: T
  ): Promise<T> => {
    sent.push(request);
    const failure = answers.shift();
    if (failure) {
      throw failure;
    }
    return value;
  };
  const view = sampleView([]);
  const client = {
    source: async () => ({ text: '{}', digest: '' }),
    act: (_: unknown, request: ActionRequest) => answer(request, view.run),
    submit: (_: unknown, request: SubmitRequest) =>
      answer(request, { run: { ...view.run, run_id: 'new' } })
  };
  const feed = {
    view,
    link: null,
    changed: new Signal({}),
    refresh: () => undefined
  };
  return {
    sent,
    store: new RunStore({
      key: KEY,
      client: client as unknown as GatewayClient,
      hub: { feed: () => feed } as unknown as WatchHub
    })
  };
}

const lost = (status: number): GatewayError =>
  new GatewayError({ code: 'gateway-absent', message: 'No answer.' }, status);

describe('RunStore', () => {
  it('starts one run again, however often it is asked meanwhile', async () => {
    const { store, sent } = storeOf([]);
    const both = await Promise.all([
      store.rerunUncached(),
      store.rerunUncached()
    ]);
    expect(both).toEqual([
      { ...KEY, run_id: 'new' },
      { ...KEY, run_id: 'new' }
    ]);
    expect(sent).toHaveLength(1);
    await store.rerunUncached();
    expect(sent[1].idempotency_key).not.toBe(sent[0].idempotency_key);
  });

  it.each([0, 502, 504])(
    'sends the same key again after an answer was lost (%i), by which the run is not made twice',
    async status => {
      const { store, sent } = storeOf([lost(status)]);
      expect(await store.rerunUncached()).toBeNull();
      expect(store.problem).toBe('No answer.');
      expect(await store.rerunUncached()).not.toBeNull();
      expect(store.problem).toBe('');
      expect(sent[1].idempotency_key).toBe(sent[0].idempotency_key);
    }
  );

  it('takes another key after a refusal, for another action, and for the next one', async () => {
    const refused = new GatewayError(
      { code: 'bad-request', message: 'No.' },
      400
    );
    const { store, sent } = storeOf([refused]);
    await store.act('retry');
    await store.act('retry');
    await store.act('terminate');
    const keys = sent.map(request => request.idempotency_key);
    expect(new Set(keys).size).toBe(3);
  });
});
