import { OneWriter, type IClaimChannel } from './one-writer';

/** Pages that hear each other, as those of one browser do. */
class Browser {
  page(): OneWriter {
    const channel: IClaimChannel = {
      onmessage: null,
      postMessage: claim => {
        for (const other of this._channels) {
          if (other !== channel) {
            setTimeout(() =>
              other.onmessage?.(new MessageEvent('message', { data: claim }))
            );
          }
        }
      },
      close: () => this._channels.delete(channel)
    };
    this._channels.add(channel);
    return new OneWriter(channel);
  }

  private readonly _channels = new Set<IClaimChannel>();
}

describe('one writer of several pages', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('lets exactly one of them write, however many ask at once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const browser = new Browser();
      const asked = [1, 2, 3, 4].map(() => browser.page().mayWrite('a run'));
      await jest.advanceTimersByTimeAsync(1000);
      const answers = await Promise.all(asked);
      expect(answers.filter(Boolean)).toHaveLength(1);
    }
  });

  it('stays with the one who writes when another asks later', async () => {
    const browser = new Browser();
    const [first, second] = [browser.page(), browser.page()];
    const one = first.mayWrite('a run');
    await jest.advanceTimersByTimeAsync(1000);
    const two = second.mayWrite('a run');
    await jest.advanceTimersByTimeAsync(1000);
    const again = first.mayWrite('a run');
    expect([await one, await two, await again]).toEqual([true, false, true]);
  });

  it('needs no answer of a page that was heard before', async () => {
    const browser = new Browser();
    const [first, second] = [browser.page(), browser.page()];
    void first.mayWrite('a run');
    await jest.advanceTimersByTimeAsync(10);
    first.dispose();
    const two = second.mayWrite('a run');
    await jest.advanceTimersByTimeAsync(1000);
    expect(await two).toBe(false);
  });

  it('lets another one write a while after the first page was closed', async () => {
    const browser = new Browser();
    const [first, second] = [browser.page(), browser.page()];
    const one = first.mayWrite('a run');
    await jest.advanceTimersByTimeAsync(1000);
    expect(await one).toBe(true);
    first.dispose();
    await jest.advanceTimersByTimeAsync(60_000);
    const two = second.mayWrite('a run');
    const other = second.mayWrite('another run');
    await jest.advanceTimersByTimeAsync(1000);
    expect(await two).toBe(true);
    expect(await other).toBe(true);
  });

  it('does not mind what it does not understand', async () => {
    const channel: IClaimChannel = {
      onmessage: null,
      postMessage: () => undefined,
      close: () => undefined
    };
    const page = new OneWriter(channel);
    const asked = page.mayWrite('a run');
    for (const data of [null, 1, {}, { what: 1, rank: 0 }]) {
      channel.onmessage?.(new MessageEvent('message', { data }));
    }
    await jest.advanceTimersByTimeAsync(1000);
    expect(await asked).toBe(true);
    page.dispose();
  });
});
