import type { Message } from '@lumino/messaging';

import { isPageSeen } from '../page-sight';
import type { RunModel } from '../run/run-model';
import { SeenWidget } from '../run/seen-widget';

/** What fills a tab that shows runs: they are watched while the tab is in sight, and only then. */
export abstract class WatchingContent extends SeenWidget {
  constructor() {
    super();
    this.addClass('jp-KfpRunDocument-content');
  }

  /** The runs that the tab shows. */
  protected abstract get models(): readonly RunModel[];

  override dispose(): void {
    this.models.forEach(model => model.dispose());
    super.dispose();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this.look();
    document.addEventListener('visibilitychange', this.look);
  }

  protected override onBeforeDetach(msg: Message): void {
    document.removeEventListener('visibilitychange', this.look);
    this._watch(false);
    super.onBeforeDetach(msg);
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.look();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this.look();
  }

  /** Watch, or let go, as the tab is in sight or not; needed after the runs have changed, too. */
  protected readonly look = (): void => {
    this._watch(this.isVisible && isPageSeen());
  };

  // what the reader let go of stays so until the reader takes it up again
  private _watch(isSeen: boolean): void {
    for (const model of this.models) {
      if (!model.isDetachedByReader && (isSeen || model.isWatching)) {
        model.watch(isSeen);
      }
    }
  }
}
