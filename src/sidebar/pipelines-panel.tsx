import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import type { IConnectionsStore } from '../connections/connections-store';
import { pipelinesIcon } from '../icons/lab-icons';
import type { IPinnedRuns } from '../pins/pinned-runs';
import type { Clock } from '../run/clock';
import type { IRunStores } from '../run/run-stores';
import type { ListsStore } from './lists-store';
import type { NotebookStore } from './notebook-store';

// most pages open with another sidebar in front
const Content = React.lazy(async () => ({
  default: (await import('./panel-content')).PanelContent
}));

/** The sidebar: which service, its runs and its pipelines. */
export class PipelinesPanel extends ReactWidget {
  constructor(options: PipelinesPanel.IOptions) {
    super();
    this._options = options;
    const { trans } = options;
    this.id = 'jp-kfp-pipelines';
    this.addClass('jp-KfpSidebar');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Pipelines'));
    this.title.icon = pipelinesIcon;
    this.title.caption = trans.__('Pipelines');
    // Notebook 7 puts the name into its View menu
    this.title.label = options.hasLabel ? trans.__('Pipelines') : '';
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._look();
  }

  protected override onAfterHide(msg: Message): void {
    super.onAfterHide(msg);
    this._look();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    document.addEventListener('visibilitychange', this._look);
    this._look();
  }

  protected override onBeforeDetach(msg: Message): void {
    document.removeEventListener('visibilitychange', this._look);
    this._options.lists.look(false);
    this._options.notebook?.look(false);
    super.onBeforeDetach(msg);
  }

  protected override render(): JSX.Element | null {
    if (!this._wasShown) {
      return null;
    }
    const { lists, connections } = this._options;
    return (
      <UseSignal signal={connections.changed}>
        {() => (
          <UseSignal signal={lists.changed}>
            {() => (
              <React.Suspense fallback={null}>
                <Content {...this._options} />
              </React.Suspense>
            )}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private readonly _look = (): void => {
    if (this.isVisible && !this._wasShown) {
      this._wasShown = true;
      this.update();
    }
    const isSeen = this.isVisible && document.visibilityState !== 'hidden';
    this._options.lists.look(isSeen);
    this._options.notebook?.look(isSeen);
  };

  private readonly _options: PipelinesPanel.IOptions;
  private _wasShown = false;
}

/** Options of the sidebar. */
export namespace PipelinesPanel {
  export interface IOptions {
    readonly lists: ListsStore;
    /** What the notebook in front shows; absent where the application has no notebooks. */
    readonly notebook?: NotebookStore;
    readonly pins: IPinnedRuns;
    readonly stores: IRunStores;
    readonly connections: IConnectionsStore;
    readonly commands: CommandRegistry;
    readonly clock: Clock;
    readonly trans: TranslationBundle;
    /** Whether the tab carries its name beside the icon. */
    readonly hasLabel?: boolean;
  }
}
