import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import {
  isFinalRunState,
  type RunKey,
  type RunView,
  type SubscriptionViews
} from 'jupyterlab-kfp-model';

import { isPageSeen } from '../page-sight';
import type { GatewayClient } from './client';
import { linkOfCode, type AnyFeed } from './feed';
import { errorOfNonsense, GatewayError, sentenceOf } from './gateway-error';
import type { LogFollower } from './log-stream';
import { isPicture } from './read-view';

/** Bytes of log read at once. */
const LOG_STEP = 256 * 1024;
/** Milliseconds between two questions for what is on screen. */
const STEP = 5000;
/** Questions for what is on screen to one for a run that goes on out of sight, so that its end gets into the file. */
const SELDOM = 6;

/**
 * Asks for the pictures and logs of a page by HTTP, where sockets are refused.
 *
 * #### Notes
 * What nobody sees is asked for seldom, and only when it can still change; a page that nobody sees asks for nothing.
 */
export class HttpFallback implements IDisposable {
  constructor(options: HttpFallback.IOptions) {
    this._options = options;
    this._poll = new Poll({
      name: 'jupyterlab-kfp:HttpFallback',
      auto: false,
      factory: () => this._askAll(),
      frequency: { interval: STEP, backoff: true, max: 60_000 },
      standby: 'never'
    });
    document.addEventListener('visibilitychange', this._onSight);
  }

  /** Whether it was thrown away. */
  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** Begin to ask, or ask at once where it has begun. */
  start(): void {
    this._isWanted = true;
    this._round = 0;
    this._onSight();
  }

  /** Ask no more: there is a socket. */
  stop(): void {
    if (this._isWanted) {
      this._isWanted = false;
      void this._poll.stop();
    }
  }

  /** Ask for one picture. What goes wrong becomes the link of the feed. */
  async ask(feed: AnyFeed): Promise<void> {
    const since = new Date().toISOString();
    try {
      await this._fetch(feed);
      feed.setLink({ state: 'polling', since });
    } catch (reason) {
      const code = reason instanceof GatewayError ? reason.code : 'internal';
      feed.setLink({
        state: linkOfCode(code),
        since,
        code,
        message: sentenceOf(reason)
      });
    }
  }

  /** Ask no more for good. */
  dispose(): void {
    document.removeEventListener('visibilitychange', this._onSight);
    this._isWanted = false;
    this._poll.dispose();
  }

  private async _askAll(): Promise<void> {
    const isTurn = this._round % SELDOM === 0;
    this._round += 1;
    await Promise.all([
      ...[...this._options.feeds()]
        .filter(feed => feed.visible || (isTurn && mayStillEnd(feed)))
        .map(feed => this.ask(feed)),
      ...[...this._options.logs()].map(log => this._askLog(log))
    ]);
  }

  private async _fetch(feed: AnyFeed): Promise<void> {
    const { client } = this._options;
    const { subscription } = feed;
    switch (subscription.kind) {
      case 'run': {
        const { epoch, seq, view } = await client.viewSince(
          subscription.ref,
          feed.detail === 'tasks' ? 'tasks' : 'header',
          feed.place?.epoch ?? ''
        );
        if (view) {
          feed.replace(picture('run', view, client.trans), { epoch, seq });
        } else if (typeof epoch !== 'string') {
          throw errorOfNonsense(client.trans);
        }
        return;
      }
      case 'runs':
        feed.replace(
          picture('runs', await client.runs(subscription.ref), client.trans)
        );
        return;
      case 'connections':
        feed.replace(
          picture(
            'connections',
            { connections: await client.connections() },
            client.trans
          )
        );
        return;
      case 'local': {
        const status = await client.status();
        feed.replace({
          state: 'running',
          active_runs: status.active_runs,
          data_dir: status.data_dir
        });
      }
    }
  }

  private async _askLog(log: LogFollower): Promise<void> {
    const feed = [...this._options.feeds()].find(
      each => each.id === log.feedId
    );
    if (!feed || feed.subscription.kind !== 'run' || log.end !== null) {
      return;
    }
    const key: RunKey = feed.subscription.ref;
    try {
      const chunk = await this._options.client.log(key, {
        ...log.address,
        from: log.next ?? log.address.from,
        limit: LOG_STEP
      });
      log.append(chunk.offset, chunk.text, chunk.next, 0);
      if (chunk.end) {
        log.finish('finished');
      }
    } catch (reason) {
      if (reason instanceof GatewayError && reason.status === 404) {
        log.finish('gone');
      } else {
        throw reason; // the poll backs off and asks again
      }
    }
  }

  private readonly _onSight = (): void => {
    if (!this._isWanted) {
      return;
    }
    if (isPageSeen()) {
      void this._poll.start();
      void this._poll.refresh();
    } else {
      void this._poll.stop();
    }
  };

  private readonly _options: HttpFallback.IOptions;
  private readonly _poll: Poll;
  private _round = 0;
  private _isWanted = false;
}

/** Options of the fallback. */
export namespace HttpFallback {
  export interface IOptions {
    readonly client: GatewayClient;
    /** The feeds that have viewers. */
    readonly feeds: () => Iterable<AnyFeed>;
    /** The logs that are followed. */
    readonly logs: () => Iterable<LogFollower>;
  }
}

/** Whether something out of sight has to be asked for: a run that is not known to have ended. */
function mayStillEnd(feed: AnyFeed): boolean {
  const view = feed.view as RunView | null;
  return (
    feed.subscription.kind === 'run' &&
    (view === null || !isFinalRunState(view.run.state))
  );
}

function picture<K extends keyof SubscriptionViews>(
  kind: K,
  value: SubscriptionViews[K],
  trans: TranslationBundle
): SubscriptionViews[K] {
  if (!isPicture(kind, value)) {
    throw errorOfNonsense(trans);
  }
  return value;
}
