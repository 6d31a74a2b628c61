/** What the watch socket reads from: the server wires it to the connections and the local service. */
import type { ConnectionInfo, LocalServiceView } from 'jupyterlab-kfp-model';

import type { RunSource } from '../upstream/source.ts';

export interface WatchSources {
  /** The backend of a connection by its name; `undefined` when there is no such connection. */
  source(connection: string): RunSource | undefined;
  connections(): readonly ConnectionInfo[];
  /** Be told when a connection appeared, went away or changed. */
  onConnections(listener: () => void): () => void;
  local(): Promise<LocalServiceView>;
  /** Be told when the local service may have changed. */
  onLocal(listener: () => void): () => void;
}
