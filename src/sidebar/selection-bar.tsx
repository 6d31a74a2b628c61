import { isFinalRunState, type RunSummary } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { perform } from '../commands/tell';
import type { ICommandContext } from './row-menu';

/** Runs that can be compared at once. */
const MOST = 10;

/** What can be done with the chosen runs of the list. */
export function SelectionBar(
  props: ICommandContext & {
    readonly runs: readonly RunSummary[];
    readonly connection: string;
    readonly onClear: () => void;
  }
): JSX.Element | null {
  const { runs, connection, trans, onClear } = props;
  if (runs.length === 0) {
    return null;
  }
  const go = (command: string): void =>
    perform(props.commands, command, {
      runs: runs.map(({ run_id }) => ({ connection, run_id }))
    });
  const areArchived = runs.every(run => run.archived === true);
  const areFinal = runs.every(run => isFinalRunState(run.state));
  return (
    <div
      className="jp-KfpSelection"
      role="toolbar"
      aria-label={trans.__('Chosen runs')}
    >
      <span role="status">
        {trans._n('%1 run chosen', '%1 runs chosen', runs.length)}
      </span>
      <button
        type="button"
        className="jp-KfpButton"
        disabled={runs.length < 2 || runs.length > MOST}
        title={trans.__('Compare two to %1 runs', MOST)}
        onClick={() => go(CommandIDs.compareRuns)}
      >
        {trans.__('Compare')}
      </button>
      <button
        type="button"
        className="jp-KfpButton"
        onClick={() => {
          go(areArchived ? CommandIDs.unarchiveRun : CommandIDs.archiveRun);
          onClear();
        }}
      >
        {areArchived ? trans.__('Unarchive') : trans.__('Archive')}
      </button>
      <button
        type="button"
        className="jp-KfpButton"
        disabled={!areFinal}
        title={areFinal ? '' : trans.__('Runs that go on cannot be deleted')}
        onClick={() => go(CommandIDs.deleteRun)}
      >
        {trans.__('Delete…')}
      </button>
      <button type="button" className="jp-KfpButton" onClick={onClear}>
        {trans.__('Clear')}
      </button>
    </div>
  );
}
