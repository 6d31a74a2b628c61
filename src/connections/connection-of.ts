import type { TranslationBundle } from '@jupyterlab/translation';

import type { IConnectionsStore, ServiceRef } from './connections-store';

/** Milliseconds to wait for the connections. */
const PATIENCE = 5000;

/**
 * The connection through which a run is read that a document names. The gateway is asked for its connections when they are not known.
 *
 * @returns null when no connection leads to that service; the name in the document when the gateway does not answer.
 */
export async function connectionOf(
  ref: ServiceRef,
  connections: Pick<
    IConnectionsStore,
    'changed' | 'isKnown' | 'open' | 'resolve'
  >
): Promise<string | null> {
  if (!connections.isKnown) {
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, PATIENCE);
      function done(): void {
        clearTimeout(timer);
        connections.changed.disconnect(look);
        resolve();
      }
      function look(): void {
        if (connections.isKnown) {
          done();
        }
      }
      connections.changed.connect(look);
      connections.open();
      look();
    });
  }
  const name = connections.resolve(ref);
  return name === undefined ? ref.profile : name;
}

/** What is said where no connection leads to the service that a document names. */
export function noWayText(profile: string, trans: TranslationBundle): string {
  return trans.__(
    'The run was made on "%1", and no connection of that name leads to the same service.',
    profile
  );
}
