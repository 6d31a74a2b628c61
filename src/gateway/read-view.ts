import type { SubscriptionViews } from 'jupyterlab-kfp-model';

import { listOf, maybe, shape, text, type Check } from './checks';

const record = shape({});

/** What every view that is drawn of a picture relies on; the rest of its shape is the contract of the gateway. */
const PICTURES: Readonly<Record<keyof SubscriptionViews, Check>> = {
  run: shape({
    run: shape({
      run_id: text,
      state: text,
      connection: shape({ profile: text })
    }),
    tasks: record,
    loops: record,
    counts: shape({ by_state: record }),
    warnings: listOf(text),
    capabilities: shape({ actions: listOf(text) }),
    graph: maybe(record)
  }),
  runs: shape({ runs: listOf(shape({ run_id: text, state: text })) }),
  connections: shape({
    connections: listOf(
      shape({ name: text, ref: shape({ fingerprint: text }) })
    )
  }),
  local: shape({ state: text })
};

/** Whether something that came over the wire is a picture of this kind: a proxy in between may answer with anything. */
export function isPicture<K extends keyof SubscriptionViews>(
  kind: K,
  value: unknown
): value is SubscriptionViews[K] {
  return PICTURES[kind](value);
}
