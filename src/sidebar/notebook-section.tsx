import { editIcon, launchIcon, runIcon } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import { isFinalRunState, type RunHeader } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { perform, tellFailure } from '../commands/tell';
import { connectionOf, noWayText } from '../connections/connection-of';
import { StateIcon } from '../icons/state-icon';
import type { Drift } from '../run/run-choices';
import { Name } from '../run/name';
import { shownName } from '../run/shown-name';
import { runStateWord } from '../run/words';
import type { INotebookEntry, IShownRun } from './notebook-entries';
import type { NotebookStore } from './notebook-store';
import type { PipelinesPanel } from './pipelines-panel';
import { moveFocus } from './run-section';
import { Section } from './section';

type IProps = PipelinesPanel.IOptions & { readonly notebook: NotebookStore };

/** The runs and pipelines of the notebook in front, with a mark where their cells were edited since. */
export function NotebookSection(props: IProps): JSX.Element | null {
  const { notebook, trans } = props;
  const [, setVersion] = React.useState(0);
  React.useEffect(() => {
    const onChanged = (): void => setVersion(known => known + 1);
    notebook.changed.connect(onChanged);
    return () => {
      notebook.changed.disconnect(onChanged);
    };
  }, [notebook]);
  const { entries } = notebook;
  return entries === null ? null : (
    <Section
      title={trans.__('This notebook')}
      className="jp-KfpSidebar-notebook"
    >
      {entries.length === 0 ? (
        <p className="jp-KfpEmpty">
          {trans.__('No pipeline in this notebook yet.')}
        </p>
      ) : (
        <ul className="jp-KfpRows" onKeyDown={moveFocus}>
          {entries.map((entry, at) => (
            <Row key={at} {...props} entry={entry} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Row(props: IProps & { readonly entry: INotebookEntry }): JSX.Element {
  const { entry, notebook, trans } = props;
  const header = entry.kind === 'run' ? headerOf(props, entry) : null;
  const word =
    entry.kind === 'draft'
      ? trans.__('Draft')
      : header
        ? runStateWord(header.state, header.state_raw, trans)
        : savedWord(entry, trans);
  const drift = driftWords(entry.drift, trans);
  return (
    <li className="jp-KfpRows-ofNotebook">
      <button
        type="button"
        className="jp-KfpRows-row"
        title={[
          shownName(entry.name),
          word,
          drift?.title ?? '',
          trans.__('Jump to the cell')
        ]
          .filter(Boolean)
          .join('\n')}
        onClick={() => void notebook.jump(entry)}
      >
        <StateIcon
          sign={
            entry.kind === 'draft'
              ? 'DRAFT'
              : (header?.state ?? entry.run.snapshot.state)
          }
        />
        <span className="jp-KfpRows-name">
          <Name>{entry.name}</Name>
        </span>
        {drift && (
          <span className="jp-KfpRows-drift">
            <editIcon.react tag="span" width="12px" />
            <span className="jp-KfpRows-state">{drift.word}</span>
          </span>
        )}
        <span className="jp-KfpRows-state">{word}</span>
      </button>
      {entry.trusted && <RowButton {...props} entry={entry} />}
    </li>
  );
}

/** What a row leads to besides its cell. */
function RowButton(
  props: IProps & { readonly entry: INotebookEntry }
): JSX.Element {
  const { commands, connections, entry, trans } = props;
  const name = shownName(entry.name);
  const [label, Icon] =
    entry.kind === 'run'
      ? [trans.__('Open %1 in a tab', name), launchIcon.react]
      : [trans.__('Run %1…', name), runIcon.react];
  const go = async (): Promise<void> => {
    if (entry.kind === 'draft') {
      perform(commands, CommandIDs.newRun, { digest: entry.digest });
      return;
    }
    // the name of a connection in a notebook says nothing of where it leads here
    const { run_id, connection: service } = entry.run;
    const connection = await connectionOf(service, connections);
    if (connection === null) {
      tellFailure(new Error(noWayText(service.profile, trans)));
    } else {
      perform(commands, CommandIDs.openRun, { connection, run_id });
    }
  };
  return (
    <button
      type="button"
      className="jp-KfpButton jp-mod-icon"
      aria-label={label}
      title={label}
      onClick={() => void go()}
    >
      <Icon tag="span" width="14px" />
    </button>
  );
}

/** What is known of a run beside the notebook: from the list, or from a view of it; nothing is asked for a row. */
function headerOf(
  { lists, stores, connections }: IProps,
  { run, trusted }: IShownRun
): Pick<RunHeader, 'state' | 'state_raw'> | null {
  const connection = trusted ? connections.resolve(run.connection) : null;
  if (!connection) {
    return null;
  }
  return (
    lists.runs.find(each => each.run_id === run.run_id) ??
    stores.get({ connection, run_id: run.run_id }).view?.run ??
    null
  );
}

function savedWord(
  { run: { snapshot } }: IShownRun,
  trans: TranslationBundle
): string {
  const word = runStateWord(snapshot.state, snapshot.state_raw, trans);
  return isFinalRunState(snapshot.state)
    ? word
    : trans.__('%1 when saved', word);
}

function driftWords(
  drift: Drift,
  trans: TranslationBundle
): { readonly word: string; readonly title: string } | null {
  switch (drift) {
    case 'edited':
      return {
        word: trans.__('Edited'),
        title: trans.__('Its cell was edited since')
      };
    case 'removed':
      return {
        word: trans.__('Cell removed'),
        title: trans.__('A cell it was made of was removed')
      };
    case 'same':
    case null:
      return null;
  }
}
