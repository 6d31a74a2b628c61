/**
 * Frames of the socket `<base_url>jupyterlab-kfp/api/watch`, subprotocol `kfp.watch.1`: JSON text, reads only.
 *
 * `epoch` names one life of a watcher, `seq` counts from 1 inside it. A client that lost the socket subscribes again with both
 * and gets the missing patches, or a new snap.
 */
import type { RunState } from '../run/states.ts';
import type { RunView } from '../run/view.ts';
import type { ConnectionInfo, RunsPage } from './workbench.ts';

export const WATCH_PROTOCOL = 'kfp.watch.1';
/** Bytes. */
export const MAX_CLIENT_FRAME = 16 * 1024;
/** Bytes. */
export const MAX_SERVER_FRAME = 256 * 1024;

/** A JSON merge patch (RFC 7396). */
export type MergePatch = Readonly<Record<string, unknown>>;

export interface RunKey {
  readonly connection: string;
  readonly run_id: string;
}

/** Query of a list of runs. */
export interface RunsQuery {
  readonly connection: string;
  readonly namespace?: string;
  readonly page_size?: number;
  /** KFP filter (kfp-api section 3) as an object. */
  readonly filter?: unknown;
}

export type SubscriptionDetail = 'header' | 'tasks';

/** How closely a page looks; `end` = the header once, and again when the run has ended. */
export type WatchDetail = SubscriptionDetail | 'end';

export type Subscription =
  | { readonly kind: 'run'; readonly ref: RunKey }
  | { readonly kind: 'runs'; readonly ref: RunsQuery }
  | { readonly kind: 'connections' }
  | { readonly kind: 'local' };

export type ClientFrame =
  | { readonly op: 'hello'; readonly client: string; readonly version: string }
  | ({
      readonly op: 'sub';
      readonly sub: number;
      readonly detail?: WatchDetail;
      readonly visible?: boolean;
      readonly epoch?: string;
      readonly seq?: number;
    } & Subscription)
  | {
      readonly op: 'vis';
      readonly sub: number;
      readonly visible: boolean;
      readonly detail?: WatchDetail;
    }
  /** Whether anybody sees the page. While nobody does it is sent first pictures and ends, and logs wait. */
  | { readonly op: 'page'; readonly visible: boolean }
  | { readonly op: 'refresh'; readonly sub: number }
  | { readonly op: 'unsub'; readonly sub: number }
  | {
      readonly op: 'log.open';
      readonly log: number;
      readonly sub: number;
      readonly task_id: string;
      /** 0-based; -1 is the newest. */
      readonly attempt: number;
      readonly stream: LogStream;
      /** Byte offset; negative = bytes from the end. */
      readonly from: number;
    }
  | { readonly op: 'log.close'; readonly log: number }
  | { readonly op: 'pong' };

export type LogStream = 'main' | 'driver';

/** What a subscription shows, by its kind. */
export interface SubscriptionViews {
  readonly run: RunView;
  readonly runs: RunsPage;
  readonly connections: { readonly connections: readonly ConnectionInfo[] };
  readonly local: LocalServiceView;
}

/** The local service at a glance. */
export interface LocalServiceView {
  readonly state: 'running' | 'stopped';
  readonly active_runs: number;
  /** Bytes on disk; absent until measured. */
  readonly disk_bytes?: number;
  readonly data_dir: string;
}

export type LinkState =
  | 'live'
  | 'polling'
  | 'stale'
  | 'offline'
  | 'sign-in'
  | 'no-access'
  | 'not-found'
  | 'unknown-connection'
  | 'snapshot';

export type ServerFrame =
  | {
      readonly op: 'welcome';
      readonly version: string;
      readonly heartbeat_s: number;
    }
  | {
      readonly op: 'snap';
      readonly sub: number;
      readonly epoch: string;
      readonly seq: number;
      readonly view: SubscriptionViews[keyof SubscriptionViews];
    }
  | {
      readonly op: 'patch';
      readonly sub: number;
      readonly seq: number;
      readonly merge: MergePatch;
    }
  | {
      readonly op: 'link';
      readonly sub: number;
      readonly state: LinkState;
      readonly since: string;
      readonly next_ms?: number;
      readonly code?: string;
      readonly message?: string;
    }
  | {
      readonly op: 'gone';
      readonly sub: number;
      readonly reason: 'deleted' | 'no-access' | 'not-found';
    }
  | {
      readonly op: 'log';
      readonly log: number;
      /** Byte offset of the first byte of `text`. */
      readonly offset: number;
      readonly text: string;
      /** Byte offset to resume at. */
      readonly next: number;
      /** Bytes skipped before `offset`. */
      readonly lost?: number;
    }
  | {
      readonly op: 'log.end';
      readonly log: number;
      readonly offset: number;
      readonly reason: 'finished' | 'gone' | 'limit';
    }
  | {
      readonly op: 'note';
      readonly connection: string;
      readonly run_id: string;
      readonly state: RunState;
      readonly name: string;
    }
  | {
      readonly op: 'err';
      readonly sub?: number;
      readonly log?: number;
      readonly code: string;
      readonly message: string;
    }
  | { readonly op: 'ping' };
