import '../../style/lists.css';

import { refreshIcon, searchIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { healthText } from '../run/words';
import { NotebookSection } from './notebook-section';
import { PipelineSection } from './pipeline-section';
import type { PipelinesPanel } from './pipelines-panel';
import { RunSection } from './run-section';

/** What stands in the sidebar. */
export function PanelContent(props: PipelinesPanel.IOptions): JSX.Element {
  const { lists, notebook, connections, trans, commands } = props;
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
          {notebook && <NotebookSection {...props} notebook={notebook} />}
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
