import '../../style/view.css';

import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ExperimentSummary } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { runIcon } from '../icons/lab-icons';
import type { IWorkbench } from '../tokens';
import { NewRunForm } from './new-run-form';
import { NewRunStore, type NewRunSource } from './new-run-store';

/** The form of a new run, in a tab. Once the run is sent its own tab takes the place of the form. */
export class NewRunContent extends ReactWidget {
  constructor(options: NewRunDocument.IOptions) {
    super();
    this.addClass('jp-KfpNewRun');
    this._options = options;
    this.store = new NewRunStore({
      client: options.workbench.client,
      source: options.source,
      connection: options.connection
    });
    void this._load();
  }

  /** What the form holds. */
  readonly store: NewRunStore;

  override dispose(): void {
    this.store.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    const { workbench, trans } = this._options;
    return (
      <UseSignal signal={this.store.changed}>
        {() => (
          <NewRunForm
            store={this.store}
            connections={workbench.connections.connections}
            experiments={this._experiments}
            trans={trans}
            onStart={() => void this._start()}
            onRetry={() => void this._load()}
          />
        )}
      </UseSignal>
    );
  }

  private async _load(): Promise<void> {
    const { workbench } = this._options;
    workbench.connections.open();
    await this.store.load();
    try {
      this._experiments = await workbench.client.experiments(
        this.store.connection
      );
    } catch (reason) {
      // names can be typed; the list is only a help
      console.warn('The experiments could not be listed.', reason);
    }
    if (!this.isDisposed) {
      this.update();
    }
  }

  private async _start(): Promise<void> {
    const run = await this.store.start();
    if (!run || this.isDisposed) {
      return;
    }
    await this._options.commands.execute(CommandIDs.openRun, {
      connection: this.store.connection,
      run_id: run.run_id
    });
    this.parent?.dispose();
  }

  private readonly _options: NewRunDocument.IOptions;
  private _experiments: readonly ExperimentSummary[] = [];
}

/** The tab of the form. */
export class NewRunDocument extends MainAreaWidget<NewRunContent> {
  constructor(options: NewRunDocument.IOptions) {
    super({ content: new NewRunContent(options) });
    this.addClass('jp-KfpNewRunDocument');
    this.title.icon = runIcon;
    this.title.closable = true;
    this.title.label = options.trans.__('New Run');
    this.toolbar.hide();
  }
}

/** Options of the form. */
export namespace NewRunDocument {
  export interface IOptions {
    readonly source: NewRunSource;
    /** The connection that is chosen first. */
    readonly connection: string;
    readonly workbench: IWorkbench;
    readonly commands: CommandRegistry;
    readonly trans: TranslationBundle;
  }
}
