/** The connections of this user: `local`, and what discovery found. */
import { createHash } from 'node:crypto';

import type { ConnectionInfo, ConnectionRef } from 'jupyterlab-kfp-model';

import type { RunSource } from '../upstream/source.ts';
import type { Candidate, Probed } from './discovery.ts';

/** A connection with what only the gateway knows of it. */
export interface Connection {
  readonly info: ConnectionInfo;
  readonly source: RunSource;
  /** Where requests go; absent for the local service. */
  readonly candidate?: Candidate;
}

export class ConnectionRegistry {
  private readonly _connections = new Map<string, Connection>();
  private readonly _listeners = new Set<() => void>();

  /** All connections, the default first. */
  list(): readonly ConnectionInfo[] {
    return [...this._connections.values()]
      .map(connection => this._info(connection))
      .sort((a, b) => Number(b.is_default) - Number(a.is_default));
  }

  get(name: string): Connection | undefined {
    return this._connections.get(name);
  }

  info(name: string): ConnectionInfo | undefined {
    const connection = this._connections.get(name);
    return connection === undefined ? undefined : this._info(connection);
  }

  /** Name of the connection used where none is named: the first cluster that answers, else `local`. */
  get defaultName(): string {
    for (const { info } of this._connections.values()) {
      if (info.origin !== 'local' && info.health === 'connected') {
        return info.name;
      }
    }
    return 'local';
  }

  set(connection: Connection): void {
    this._connections.set(connection.info.name, connection);
    this._changed();
  }

  onChange(listener: () => void): () => void {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  async close(): Promise<void> {
    this._listeners.clear();
    for (const { source } of this._connections.values()) {
      await source.close();
    }
  }

  private _info(connection: Connection): ConnectionInfo {
    return {
      ...connection.info,
      is_default: connection.info.name === this.defaultName
    };
  }

  private _changed(): void {
    for (const listener of [...this._listeners]) {
      listener();
    }
  }
}

/** Opaque identity of a service: the same address gives the same text, and nothing can be read from it. */
export function fingerprint(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

/** What others may know of a probed candidate. */
export function infoOf(probed: Probed): ConnectionInfo {
  const ref: ConnectionRef = {
    profile: probed.candidate.name,
    fingerprint: fingerprint(probed.candidate.address),
    flavour: 'kfp2'
  };
  return {
    ref,
    name: probed.candidate.name,
    health: probed.health,
    health_text: probed.text,
    origin: probed.candidate.origin,
    address: probed.candidate.address,
    ...(probed.version === undefined ? {} : { kfp_version: probed.version }),
    ...(probed.multiUser === undefined ? {} : { multi_user: probed.multiUser }),
    sign_in:
      probed.candidate.tokenFile === undefined
        ? 'none'
        : 'service-account token',
    is_default: false,
    checked_at: probed.checkedAt
  };
}
