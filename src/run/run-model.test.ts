import { Signal } from '@lumino/signaling';
import { DisposableDelegate } from '@lumino/disposable';
import type { RunView, SubscriptionDetail } from 'jupyterlab-kfp-model';

import type { ILink } from '../gateway/feed';
import { sampleTask, sampleView } from '../testing/sample-view';
import { RunModel } from './run-model';
import type { IRunStore } from './run-store';

/** The live side as far as a model asks it; what is said to it is written down. */
class Store {
  readonly said: string[] = [];
  view: RunView | null = null;
  link: ILink | null = null;
  readonly changed = new Signal<this, void>(this);

  open(visible: boolean, detail: SubscriptionDetail) {
    this.said.push(`open ${visible} ${detail}`);
    const end = new DisposableDelegate(() => this.said.push('close'));
    return Object.assign(end, {
      look: (isVisible: boolean, closeness: SubscriptionDetail) => {
        const word = `look ${isVisible} ${closeness}`;
        if (this.said[this.said.length - 1]?.slice(5) !== word.slice(5)) {
          this.said.push(word);
        }
      }
    });
  }

  show(view: RunView): void {
    this.view = view;
    this.changed.emit();
  }
}

function modelOf(store: Store, options: RunModel.IOptions = {}): RunModel {
  const model = new RunModel(options);
  model.setStore(store as unknown as IRunStore);
  return model;
}

const running = sampleView([sampleTask({ id: 'a', state: 'RUNNING' })]);
const ended: RunView = {
  ...sampleView([sampleTask({ id: 'a', state: 'SUCCEEDED' })]),
  run: { ...running.run, state: 'SUCCEEDED' }
};
const header = (view: RunView): RunView => ({
  ...view,
  tasks: {},
  graph: undefined
});

describe('RunModel', () => {
  it('says of an end that nobody trusts that it is a snapshot', () => {
    const saved = { view: ended, final: true, observedAt: '' };
    const model = new RunModel({ saved });
    expect(model.link).toBeNull();
    model.isHeld = true;
    expect(model.link?.state).toBe('snapshot');
    model.isHeld = false;
    expect(model.link).toBeNull();
    model.dispose();
  });

  it('offers no action while nothing can reach the service', () => {
    const store = new Store();
    const model = modelOf(store);
    expect(model.isReached).toBe(false);
    model.watch(true);
    store.show(running);
    const reached = (['live', 'stale', 'offline', 'sign-in'] as const).map(
      state => {
        store.link = { state, since: '' };
        return model.isReached;
      }
    );
    expect(reached).toEqual([true, true, false, false]);
  });

  it('stands still where nothing new comes, at the moment that was seen last', () => {
    const store = new Store();
    const at = '2026-11-23T12:00:00Z';
    const model = modelOf(store, {
      saved: { view: running, final: false, observedAt: at }
    });
    expect(model.seenAt).toBe(Date.parse(at));
    model.watch(true);
    store.show(running);
    const stands = (['live', 'polling', 'stale', 'offline'] as const).map(
      state => {
        store.link = { state, since: '2026-11-23T13:00:00Z' };
        return model.seenAt === Date.parse(store.link.since);
      }
    );
    expect(stands).toEqual([false, false, true, true]);
    model.detach();
    expect(model.link?.state).toBe('snapshot');
    expect(model.seenAt).toBe(Date.parse(model.lastSeen ?? ''));
    store.show(ended);
    expect(model.lastSeen).toBeNull();
  });

  it('asks for the header while it is out of sight and for tasks when seen', () => {
    const store = new Store();
    const model = modelOf(store);
    model.watch(false);
    model.watch(true);
    model.watch(false);
    expect(store.said).toEqual([
      'open false header',
      'look true tasks',
      'look false header'
    ]);
  });

  it('goes on to draw the tasks it knows under a newer header', () => {
    const store = new Store();
    const model = modelOf(store);
    model.watch(true);
    store.show(running);
    model.watch(false);
    store.show(header(ended));
    expect(model.view?.run.state).toBe('SUCCEEDED');
    expect(model.view?.tasks).toBe(running.tasks);
    expect(model.view).toBe(model.view);
  });

  it('checks a run that ended by its header, and takes the tasks when a tab is opened', () => {
    const store = new Store();
    const model = modelOf(store, {
      saved: { view: ended, final: true, observedAt: '' }
    });
    model.watch(true);
    store.show(header(ended));
    model.choose({ tab: 'logs' });
    model.choose({ tab: 'summary' });
    expect(store.said).toEqual(['open true header', 'look true tasks']);
  });

  it('goes live again when a run that ended was retried elsewhere', () => {
    const store = new Store();
    const model = modelOf(store, {
      saved: { view: ended, final: true, observedAt: '' }
    });
    model.watch(true);
    store.show(header(running));
    expect(store.said).toEqual(['open true header', 'look true tasks']);
    expect(model.isFinal).toBe(false);
  });

  it('takes the tasks of a run that ended anew while nobody looked', () => {
    const store = new Store();
    const failed: RunView = {
      ...ended,
      run: { ...ended.run, state: 'FAILED' }
    };
    const model = modelOf(store, {
      saved: { view: failed, final: true, observedAt: '' }
    });
    model.watch(true);
    expect(model.isEndSaved).toBe(true);
    store.show(header(ended));
    expect(store.said).toEqual(['open true header', 'look true tasks']);
    expect(model.isEndSaved).toBe(false);
  });

  it('needs no more than headers for the rows of a table', () => {
    const store = new Store();
    const model = modelOf(store, { isRow: true });
    model.watch(true);
    model.open(true);
    model.open(false);
    store.show(header(ended));
    expect(store.said).toEqual([
      'open true header',
      'look true tasks',
      'look true header',
      'look true tasks'
    ]);
  });
});
