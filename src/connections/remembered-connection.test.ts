import type { ConnectionInfo, ConnectionRef } from 'jupyterlab-kfp-model';
import { Signal } from '@lumino/signaling';

import type { GatewayClient } from '../gateway/client';
import type { WatchHub } from '../gateway/watch-hub';
import { ConnectionsStore } from './connections-store';

/** A store that knows these connections, by name and fingerprint. */
function storeOf(
  known: Readonly<Record<string, string>> | null,
  kept: unknown = null
) {
  const saved: Record<string, unknown> = {};
  const connections = Object.entries(known ?? {}).map(
    ([name, fingerprint]) =>
      ({ name, ref: { profile: name, fingerprint } }) as ConnectionInfo
  );
  const feed = {
    view: known && { connections },
    changed: new Signal<object, void>({})
  };
  const store = new ConnectionsStore({
    client: {} as GatewayClient,
    hub: { feed: () => feed } as unknown as WatchHub,
    state: {
      fetch: (key: string) =>
        Promise.resolve(key.endsWith('known-elsewhere') ? kept : undefined),
      save: (key: string, value: unknown) => {
        saved[key] = value;
        return Promise.resolve();
      }
    } as never
  });
  return { store, saved };
}

const prod: ConnectionRef = {
  profile: 'prod',
  fingerprint: 'cluster-a',
  flavour: 'kfp2'
};

it('keeps the connection that the reader chose for runs of a place, after a reload too, as long as it is there', async () => {
  const { store, saved } = storeOf({ far: 'route-2' });
  expect(store.resolve(prod)).toBeNull();
  store.remember(prod, 'far');
  expect(store.resolve(prod)).toBe('far');
  expect(store.resolve({ ...prod, fingerprint: 'other' })).toBeNull();

  const kept = Object.values(saved)[0];
  const later = storeOf({ far: 'route-2' }, kept).store;
  await Promise.resolve();
  await Promise.resolve();
  expect(later.resolve(prod)).toBe('far');
  const gone = storeOf({ local: 'here' }, kept).store;
  await Promise.resolve();
  await Promise.resolve();
  expect(gone.resolve(prod)).toBeNull();
});
