import { Signal } from '@lumino/signaling';

import { connectionOf } from './connection-of';
import { ConnectionsStore } from './connections-store';

/** A store over connections as name and fingerprint; they come when `answer` is called. */
function storeOf(known: Readonly<Record<string, string>>) {
  const feed = {
    view: null as unknown,
    link: null,
    changed: new Signal<object, void>({}),
    opened: 0,
    open() {
      this.opened += 1;
      return { isDisposed: false, look: () => {}, dispose: () => {} };
    }
  };
  const store = new ConnectionsStore({
    client: {} as never,
    hub: { feed: () => feed } as never,
    state: null
  });
  return {
    store,
    feed,
    answer: () => {
      feed.view = {
        connections: Object.entries(known).map(([name, fingerprint]) => ({
          name,
          ref: { profile: name, fingerprint, flavour: 'kfp2' }
        }))
      };
      feed.changed.emit();
    }
  };
}

describe('the connection of a run that a document names', () => {
  const known = { prod: 'one', near: 'two', far: 'two', local: 'here' };

  it.each([
    ['the one of its name and its service', 'prod', 'one', 'prod'],
    ['the only one of its service, whatever its name', 'old', 'one', 'prod'],
    ['the named one of several of its service', 'far', 'two', 'far'],
    ['none of several when none has its name', 'old', 'two', null],
    ['none of another service, though it has its name', 'prod', 'two!', null],
    ['none without a fingerprint', 'prod', '', null],
    ['none by the name of a member of every object', 'toString', 'x', null]
  ])('is %s', (_, profile, fingerprint, expected) => {
    const { store, answer } = storeOf(known);
    expect(store.resolve({ profile, fingerprint })).toBeUndefined();
    answer();
    expect(store.resolve({ profile, fingerprint })).toBe(expected);
  });

  it('is asked for when the connections are not known', async () => {
    const { store, answer, feed } = storeOf(known);
    const found = connectionOf({ profile: 'prod', fingerprint: 'two!' }, store);
    expect(feed.opened).toBe(1);
    answer();
    expect(await found).toBeNull();
    expect(
      await connectionOf({ profile: 'old', fingerprint: 'one' }, store)
    ).toBe('prod');
  });

  it('is the name in the document when nobody answers', async () => {
    jest.useFakeTimers();
    const { store } = storeOf(known);
    const found = connectionOf({ profile: 'prod', fingerprint: 'x' }, store);
    await jest.advanceTimersByTimeAsync(6000);
    expect(await found).toBe('prod');
    jest.useRealTimers();
  });
});
