import type { RunHeader, RunKey } from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import type { RequestKey } from '../gateway/request-key';
import { parsed } from './results/value-text';

/**
 * Start a new run of the pipeline of a run, with the values that were given to it and no cached result.
 *
 * @returns the new run
 */
export async function rerunUncached(
  client: Pick<GatewayClient, 'source' | 'submit' | 'trans'>,
  key: RunKey,
  run: RunHeader | undefined,
  requestKey: RequestKey
): Promise<RunKey> {
  if (!run) {
    throw new Error(
      client.trans.__('The run is not known yet. Wait until it is shown.')
    );
  }
  const given = run.parameters.filter(each => each.origin === 'given');
  const hidden = given.filter(each => each.redacted).map(each => each.name);
  if (hidden.length > 0) {
    throw new Error(
      client.trans.__(
        'The value of %1 is a secret that this page does not know. Run the cell again.',
        hidden.join(', ')
      )
    );
  }
  const { text } = await client.source(key);
  const answer = await requestKey.send(idempotency_key =>
    client.submit(key.connection, {
      pipeline: { text },
      parameters: Object.fromEntries(
        given.flatMap(({ name, json }) =>
          json === undefined ? [] : [[name, parsed(json)]]
        )
      ),
      ...(run.connection.namespace
        ? { namespace: run.connection.namespace }
        : {}),
      ...(run.experiment ? { experiment: run.experiment.name } : {}),
      ...(run.sdk ? { sdk: run.sdk } : {}),
      cache: false,
      idempotency_key
    })
  );
  return { connection: key.connection, run_id: answer.run.run_id };
}
