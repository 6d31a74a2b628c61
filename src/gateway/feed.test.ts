import { sampleTask, sampleView } from '../testing/sample-view';
import { Feed, type AnyFeed, type IFeedWire } from './feed';
import { LogFollower } from './log-stream';

function wire(): IFeedWire & { readonly said: string[] } {
  const said: string[] = [];
  const say = (word: string) => (feed: AnyFeed) => {
    said.push(`${word} ${feed.visible} ${feed.detail}`);
  };
  return {
    said,
    subscribe: say('subscribe'),
    look: say('look'),
    refresh: say('refresh'),
    release: say('release')
  };
}

function runFeed(over: IFeedWire): Feed<'run'> {
  return new Feed<'run'>({
    id: 1,
    subscription: { kind: 'run', ref: { connection: 'local', run_id: 'r' } },
    wire: over
  });
}

const view = sampleView([sampleTask({ id: 'a' })]);

describe('Feed', () => {
  it('subscribes once for many viewers and releases with the last', () => {
    const over = wire();
    const feed = runFeed(over);
    const first = feed.open(true, 'header');
    const second = feed.open(false, 'tasks');
    first.dispose();
    second.dispose();
    expect(over.said).toEqual([
      'subscribe true header',
      'look true tasks',
      'look false tasks',
      'release false end'
    ]);
  });

  it('applies patches in order and shares what did not change', () => {
    const feed = runFeed(wire());
    feed.take({ op: 'snap', sub: 1, epoch: 'e', seq: 4, view });
    const isWhole = feed.take({
      op: 'patch',
      sub: 1,
      seq: 5,
      merge: { tasks: { a: { state: 'RUNNING' } } }
    });
    expect(isWhole).toBe(true);
    expect(feed.view?.tasks.a.state).toBe('RUNNING');
    expect(feed.view?.run).toBe(view.run);
    expect(feed.place).toEqual({ epoch: 'e', seq: 5 });
  });

  it('refuses a patch after a gap and ignores one told twice', () => {
    const feed = runFeed(wire());
    feed.take({ op: 'snap', sub: 1, epoch: 'e', seq: 4, view });
    expect(feed.take({ op: 'patch', sub: 1, seq: 6, merge: {} })).toBe(false);
    const again = {
      op: 'patch',
      sub: 1,
      seq: 4,
      merge: { warnings: ['no'] }
    } as const;
    expect(feed.take(again)).toBe(true);
    expect(feed.view?.warnings).toEqual([]);
  });

  it('keeps the picture when the service stops to answer', () => {
    const feed = runFeed(wire());
    feed.take({ op: 'snap', sub: 1, epoch: 'e', seq: 1, view });
    feed.take({
      op: 'link',
      sub: 1,
      state: 'stale',
      since: '2026-11-23T12:03:00Z'
    });
    expect(feed.view).toBe(view);
    expect(feed.link?.state).toBe('stale');
  });
});

describe('LogFollower', () => {
  it('shows no byte twice and reports a gap', () => {
    const log = new LogFollower({
      id: 1,
      feedId: 1,
      address: { task_id: 't', attempt: 0, stream: 'main', from: 0 },
      onDispose: () => undefined
    });
    const seen: string[] = [];
    log.received.connect((_, piece) =>
      seen.push(`${piece.text}-${piece.lost}`)
    );
    log.append(0, 'abc', 3, 0);
    log.append(0, 'abc', 3, 0);
    log.append(10, 'k', 11, 0);
    expect(seen).toEqual(['abc-0', 'k-7']);
    expect(log.next).toBe(11);
    log.dispose();
  });
});
