import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isFinalRunState, type RunKey } from 'jupyterlab-kfp-model';

import type { IViewer } from '../gateway/feed';
import type { IRunStore } from '../run/run-store';
import type { IRunStores } from '../run/run-stores';
import { countsSentence, runStateWord } from '../run/words';
import { inSentence } from '../run/shown-name';

/** Milliseconds that good news stays; bad news stays until it is closed. */
const BRIEF = 5000;
/** Characters that a toast has room for. */
const ROOM = 140;

/** Says when a run that the reader marked has ended. It looks at the run as seldom as can be. */
export class EndNotifier {
  constructor(options: EndNotifier.IOptions) {
    this._options = options;
  }

  /** Whether the end of a run will be said. */
  isOn(key: RunKey): boolean {
    return this._viewers.has(nameOf(key));
  }

  /** Mark a run, or take the mark back. */
  toggle(key: RunKey): void {
    const name = nameOf(key);
    if (this._viewers.has(name)) {
      this._release(name);
      return;
    }
    const store = this._options.runs.get(key);
    const viewer = store.open(false, 'end');
    const onChanged = (): void => this._look(name, store);
    store.changed.connect(onChanged);
    this._viewers.set(name, {
      viewer,
      end: () => store.changed.disconnect(onChanged)
    });
    onChanged(); // it may have ended already
  }

  private _look(name: string, store: IRunStore): void {
    const { view } = store;
    if (!view || !isFinalRunState(view.run.state)) {
      return;
    }
    this._release(name);
    const { trans, show } = this._options;
    const { run, counts } = view;
    const text = trans.__(
      '%1: %2, %3',
      inSentence(run.name),
      runStateWord(run.state, run.state_raw, trans),
      countsSentence(counts, true, trans)
    );
    const isGood = run.state === 'SUCCEEDED' || run.state === 'SKIPPED';
    Notification.emit(
      text.length > ROOM ? `${text.slice(0, ROOM - 1)}…` : text,
      isGood ? 'success' : run.state === 'FAILED' ? 'error' : 'warning',
      {
        autoClose: isGood ? BRIEF : false,
        actions: [{ label: trans.__('Show'), callback: () => show(store.key) }]
      }
    );
  }

  private _release(name: string): void {
    const known = this._viewers.get(name);
    this._viewers.delete(name);
    known?.end();
    known?.viewer.dispose();
  }

  private readonly _options: EndNotifier.IOptions;
  private readonly _viewers = new Map<
    string,
    { readonly viewer: IViewer; readonly end: () => void }
  >();
}

function nameOf(key: RunKey): string {
  return `${key.connection}/${key.run_id}`;
}

/** Options of the notifier. */
export namespace EndNotifier {
  export interface IOptions {
    readonly runs: IRunStores;
    readonly trans: TranslationBundle;
    /** Show a run. */
    readonly show: (key: RunKey) => void;
  }
}
