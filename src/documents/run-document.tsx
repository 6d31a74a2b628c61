import { MainAreaWidget } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { RunKey } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { runIcon } from '../icons/lab-icons';
import type { IRunEnvironment } from '../run/environment';
import { LazyRunView } from '../run/lazy-run-view';
import { RunModel, type RunTab } from '../run/run-model';
import type { IWorkbench } from '../tokens';
import { documentEnvironment } from './document-environment';
import { WatchingContent } from './watching-content';
import { shownName } from '../run/shown-name';

/** The view of a run that fills a tab. It shows what the gateway says and nothing of a notebook. */
export class RunDocumentContent extends WatchingContent {
  constructor(options: RunDocument.IOptions) {
    super();
    this.key = options.key;
    this.model = new RunModel({
      store: options.workbench.runs.get(options.key),
      choices: { tab: options.tab ?? 'graph', task: options.task ?? '' }
    });
    this._environment = documentEnvironment(options);
  }

  /** Which run. */
  readonly key: RunKey;
  /** The run with the reader's choices. */
  readonly model: RunModel;

  protected override get models(): readonly RunModel[] {
    return [this.model];
  }

  protected override render(): JSX.Element {
    return <LazyRunView model={this.model} environment={this._environment} />;
  }

  private readonly _environment: IRunEnvironment;
}

/** A run in a tab of its own. */
export class RunDocument extends MainAreaWidget<RunDocumentContent> {
  constructor(options: RunDocument.IOptions) {
    const content = new RunDocumentContent(options);
    super({ content });
    this.id = `jp-kfp-run-${options.key.connection}-${options.key.run_id}`;
    this.addClass('jp-KfpRunDocument');
    this.title.icon = runIcon;
    this.title.closable = true;
    this.title.label = options.trans.__('Run');
    this.toolbar.hide();
    content.model.changed.connect(this._onChanged, this);
    this._onChanged();
  }

  private _onChanged(): void {
    const run = this.content.model.view?.run;
    const name = shownName(run?.name ?? '');
    if (run && this.title.label !== name) {
      this.title.label = name;
      this.title.caption = `${name}\n${run.connection.profile}\n${run.run_id}`;
    }
  }
}

/** Options of the document. */
export namespace RunDocument {
  export interface IOptions {
    readonly key: RunKey;
    readonly workbench: IWorkbench;
    readonly commands: CommandRegistry;
    readonly trans: TranslationBundle;
    readonly rendermime: IRenderMimeRegistry | null;
    readonly logLines: number;
    /** Go back to the notebook that the tab stands below. */
    readonly leave?: () => void;
    readonly tab?: RunTab;
    readonly task?: string;
  }
}
