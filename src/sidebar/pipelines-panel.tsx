import type { TranslationBundle } from '@jupyterlab/translation';
import {
  ReactWidget,
  refreshIcon,
  searchIcon,
  UseSignal
} from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { Message } from '@lumino/messaging';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import type { IConnectionsStore } from '../connections/connections-store';
import { pipelinesIcon } from '../icons/lab-icons';
import type { Clock } from '../run/clock';
import { healthText } from '../run/words';
import type { ListsStore } from './lists-store';
import { PipelineSection } from './pipeline-section';
import { RunSection } from './run-section';

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
    super.onBeforeDetach(msg);
  }

  protected override render(): JSX.Element {
    const { lists, connections } = this._options;
    return (
      <UseSignal signal={connections.changed}>
        {() => (
          <UseSignal signal={lists.changed}>
            {() => <Content {...this._options} />}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private readonly _look = (): void => {
    this._options.lists.look(
      this.isVisible && document.visibilityState !== 'hidden'
    );
  };

  private readonly _options: PipelinesPanel.IOptions;
}

/** Options of the sidebar. */
export namespace PipelinesPanel {
  export interface IOptions {
    readonly lists: ListsStore;
    readonly connections: IConnectionsStore;
    readonly commands: CommandRegistry;
    readonly clock: Clock;
    readonly trans: TranslationBundle;
    /** Whether the tab carries its name beside the icon. */
    readonly hasLabel?: boolean;
  }
}

function Content(props: PipelinesPanel.IOptions): JSX.Element {
  const { lists, connections, trans, commands } = props;
  const { current } = connections;
  return (
    <>
      <div className="jp-KfpSidebar-header">
        {current && (
          <span
            className={`jp-KfpHealth jp-mod-${current.health}`}
            title={current.health_text ?? ''}
          >
            <span className="jp-KfpHealth-dot" aria-hidden="true" />
            {healthText(current.health, trans)}
          </span>
        )}
        <select
          className="jp-KfpSelect jp-KfpSidebar-select"
          aria-label={trans.__('Connection')}
          value={current?.name ?? ''}
          disabled={connections.connections.length === 0}
          onChange={event =>
            void commands.execute(CommandIDs.selectConnection, {
              connection: event.target.value
            })
          }
        >
          {connections.connections.map(connection => (
            <option key={connection.name} value={connection.name}>
              {connection.name}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          title={trans.__('Search for services')}
          aria-label={trans.__('Search for services')}
          disabled={connections.isSearching}
          onClick={() => void commands.execute(CommandIDs.searchConnections)}
        >
          <searchIcon.react tag="span" width="16px" />
        </button>
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          title={trans.__('Refresh')}
          aria-label={trans.__('Refresh')}
          onClick={() => void commands.execute(CommandIDs.refreshAll)}
        >
          <refreshIcon.react tag="span" width="16px" />
        </button>
      </div>
      {current && (
        <p className="jp-KfpSidebar-about">
          {[
            current.kfp_version ? trans.__('KFP %1', current.kfp_version) : '',
            current.ref.namespace ?? '',
            current.health !== 'connected' ? (current.health_text ?? '') : ''
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      )}
      <Problem {...props} />
      {current && (
        <div className="jp-KfpSidebar-sections">
          <RunSection {...props} connection={current} />
          <PipelineSection lists={lists} trans={trans} />
        </div>
      )}
    </>
  );
}

function Problem(props: PipelinesPanel.IOptions): JSX.Element | null {
  const { connections, lists, trans, commands } = props;
  const text = connections.problem || lists.problem;
  if (text) {
    return (
      <div className="jp-KfpSidebar-problem" role="status">
        <p>{text}</p>
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() => void commands.execute(CommandIDs.refreshAll)}
        >
          {trans.__('Retry')}
        </button>
      </div>
    );
  }
  if (!connections.current) {
    return (
      <div className="jp-KfpSidebar-problem" role="status">
        <p>
          {connections.isKnown
            ? trans.__('No Kubeflow Pipelines service was found.')
            : trans.__('Looking for services…')}
        </p>
      </div>
    );
  }
  return null;
}
