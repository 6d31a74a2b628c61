import { MainAreaWidget } from '@jupyterlab/apputils';
import type { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { UUID } from '@lumino/coreutils';
import { Signal, type ISignal } from '@lumino/signaling';
import type { RunKey, RunSummary } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { documentEnvironment } from '../documents/document-environment';
import { WatchingContent } from '../documents/watching-content';
import { runIcon } from '../icons/lab-icons';
import type { IRunEnvironment } from '../run/environment';
import { RunModel } from '../run/run-model';
import { dateTime } from '../run/words';
import type { IWorkbench } from '../tokens';
import { shownName } from '../run/shown-name';

/** Runs offered to be added. */
const OFFERED = 50;

const View = React.lazy(async () => ({
  default: (await import('./compare-view')).CompareView
}));

/** Runs side by side. It shows what the gateway says. */
export class CompareContent extends WatchingContent {
  constructor(options: CompareDocument.IOptions) {
    super();
    this._options = options;
    options.keys.forEach(key => this._add(key));
    this._environment = documentEnvironment(options);
    void this._readOffer();
  }

  /** Which runs, in the order of the columns. */
  get keys(): readonly RunKey[] {
    return this._models.flatMap(({ store }) => (store ? [store.key] : []));
  }

  /** Emitted after a run was added or taken out. */
  get keysChanged(): ISignal<this, void> {
    return this._keysChanged;
  }

  override dispose(): void {
    Signal.clearData(this);
    super.dispose();
  }

  protected override get models(): readonly RunModel[] {
    return this._models;
  }

  protected override render(): JSX.Element {
    const shown = new Set(this.keys.map(key => key.run_id));
    const isFull = this._models.length >= this._options.most;
    return (
      <React.Suspense fallback={null}>
        <View
          models={this._models}
          environment={this._environment}
          choices={
            isFull
              ? []
              : this._offered
                  .filter(run => !shown.has(run.run_id))
                  .map(run => ({
                    id: run.run_id,
                    text: `${shownName(run.name)} · ${dateTime(run.created_at)}`
                  }))
          }
          onAdd={id => this._take(id)}
          onRemove={model => this._remove(model)}
          onInsert={
            this._options.insertCell &&
            (models => this._options.insertCell?.(diffLine(models)))
          }
        />
      </React.Suspense>
    );
  }

  private _add(key: RunKey): void {
    this._models = [
      ...this._models,
      new RunModel({
        store: this._options.workbench.runs.get(key),
        // any tab but the summary asks for the tasks too
        choices: { tab: 'tasks' }
      })
    ];
  }

  private _take(runId: string): void {
    const run = this._offered.find(each => each.run_id === runId);
    if (run && this._models.length < this._options.most) {
      this._add({ connection: this._offeredOf, run_id: run.run_id });
      this.look();
      this._keysChanged.emit();
      this.update();
    }
  }

  private _remove(model: RunModel): void {
    this._models = this._models.filter(each => each !== model);
    model.dispose();
    this._keysChanged.emit();
    this.update();
  }

  // the newest runs of the connection of the first run, else of the chosen one
  private async _readOffer(): Promise<void> {
    const { workbench, keys } = this._options;
    const connection =
      keys[0]?.connection ?? workbench.connections.current?.name ?? 'local';
    try {
      const { runs } = await workbench.client.runs({
        connection,
        page_size: OFFERED
      });
      this._offered = runs;
      this._offeredOf = connection;
    } catch (reason) {
      // the runs that are here can be compared without it
      console.warn('The runs that can be added could not be listed.', reason);
    }
    if (!this.isDisposed) {
      this.update();
    }
  }

  private readonly _options: CompareDocument.IOptions;
  private readonly _environment: IRunEnvironment;
  private readonly _keysChanged = new Signal<this, void>(this);
  private _models: readonly RunModel[] = [];
  private _offered: readonly RunSummary[] = [];
  private _offeredOf = '';
}

/** The line that says in a notebook how the first two runs differ. */
function diffLine(models: readonly RunModel[]): string {
  const ids = models.slice(0, 2).map(({ store }) => store?.key.run_id ?? '');
  return `%kfp diff ${ids.join(' ')}`;
}

/** Runs side by side in a tab of their own. */
export class CompareDocument extends MainAreaWidget<CompareContent> {
  constructor(options: CompareDocument.IOptions) {
    super({ content: new CompareContent(options) });
    this.id = options.id ?? `jp-kfp-compare-${UUID.uuid4()}`;
    this.addClass('jp-KfpRunDocument');
    this.title.icon = runIcon;
    this.title.closable = true;
    this.title.label = options.trans.__('Compare Runs');
    this.toolbar.hide();
  }
}

/** Options of the document. */
export namespace CompareDocument {
  export interface IOptions {
    /** Id of the tab; a new one when left out. */
    readonly id?: string;
    readonly keys: readonly RunKey[];
    /** Runs side by side at most. */
    readonly most: number;
    readonly workbench: IWorkbench;
    readonly commands: CommandRegistry;
    readonly trans: TranslationBundle;
    /** Renders reports; null where the application has no renderers. */
    readonly rendermime: IRenderMimeRegistry | null;
    /** Write a cell into the notebook used last; absent where there is none. */
    readonly insertCell?: (source: string) => void;
  }
}
