/**
 * The watch socket: `GET <prefix>/watch`, subprotocol `kfp.watch.1`.
 *
 * `@fastify/websocket` must be registered around it, with {@link handleProtocols} among the options of the socket server.
 */
// Types of websocket routes.
import '@fastify/websocket';
import type { FastifyInstance } from 'fastify';

import { WATCH_PROTOCOL } from 'jupyterlab-kfp-model';

import { SocketSession } from './socket-session.ts';
import type { WatchSources } from './sources.ts';
import { WatcherPool } from './watcher-pool.ts';

export interface WatchOptions {
  readonly sources: WatchSources;
  /** Version of the gateway, for the greeting. */
  readonly version: string;
  /** Milliseconds since the epoch; default: the clock of the machine. */
  readonly now?: () => number;
}

/** Chooses the subprotocol of a handshake, for the options of `@fastify/websocket`. */
export const handleProtocols = (
  protocols: ReadonlySet<string>
): string | false => (protocols.has(WATCH_PROTOCOL) ? WATCH_PROTOCOL : false);

/** Register the route. Closing the app ends all sockets and leaves no timer and no listener behind. */
export default async function watchPlugin(
  app: FastifyInstance,
  options: WatchOptions
): Promise<void> {
  const { sources, version, now = () => Date.now() } = options;
  const report = (error: unknown): void =>
    app.log.error({ err: error }, 'watching failed');
  const pool = new WatcherPool(sources, { now, report });
  const sessions = new Set<SocketSession>();
  let isClosing = false;
  app.get('/watch', { websocket: true }, socket => {
    if (isClosing) {
      socket.close(1001, 'The gateway ends.');
      return;
    }
    if (socket.protocol !== WATCH_PROTOCOL) {
      socket.close(1002, `The subprotocol is ${WATCH_PROTOCOL}.`);
      return;
    }
    const session = new SocketSession({
      socket,
      pool,
      sources,
      version,
      now,
      report
    });
    sessions.add(session);
    socket.once('close', () => sessions.delete(session));
  });
  app.addHook('preClose', async () => {
    isClosing = true;
    for (const session of sessions) {
      session.close(1001, 'The gateway ends.');
    }
    sessions.clear();
    pool.dispose();
  });
}
