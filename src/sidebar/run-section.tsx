import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import {
  isFinalRunState,
  type ConnectionInfo,
  type RunSummary
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { StateIcon } from '../icons/state-icon';
import type { IPinnedRuns } from '../pins/pinned-runs';
import type { Clock } from '../run/clock';
import type { IRunStores } from '../run/run-stores';
import { ago, runStateWord } from '../run/words';
import type { ListsStore } from './lists-store';
import { PinnedSection } from './pinned-section';
import { openRowMenu } from './row-menu';
import { extended, NOTHING, toggled } from './run-selection';
import { Section } from './section';
import { SelectionBar } from './selection-bar';
import { Name } from '../run/name';
import { shownName } from '../run/shown-name';

/** Properties of the list of runs. */
export interface IRunSectionProps {
  readonly lists: ListsStore;
  readonly pins: IPinnedRuns;
  readonly stores: IRunStores;
  readonly connection: ConnectionInfo;
  readonly commands: CommandRegistry;
  readonly clock: Clock;
  readonly trans: TranslationBundle;
}

/** The runs of a connection: those under way first, then the rest, newest first. */
export function RunSection(props: IRunSectionProps): JSX.Element {
  const { lists, trans } = props;
  const [chosen, setChosen] = React.useState(NOTHING);
  React.useEffect(() => setChosen(NOTHING), [props.connection.name]);
  const { runs, words, filter } = lists;
  const active = runs.filter(run => !isFinalRunState(run.state));
  const ended = runs.filter(run => isFinalRunState(run.state));
  const shown = [...active, ...ended];
  const rows = {
    ...props,
    chosen: chosen.ids,
    onChoose: (id: string, isRange: boolean) =>
      setChosen(
        isRange
          ? extended(
              chosen,
              id,
              shown.map(run => run.run_id)
            )
          : toggled(chosen, id)
      )
  };
  return (
    <>
      <input
        type="search"
        className="jp-KfpFilter jp-KfpSidebar-filter"
        aria-label={trans.__('Filter runs')}
        placeholder={trans.__('Filter: name, state:failed')}
        title={trans.__(
          'A part of the name, or state:failed, exp:tuning, pipeline:train, since:2d, archived:yes'
        )}
        value={words}
        onChange={event => lists.search(event.target.value)}
      />
      <SelectionBar
        {...props}
        runs={shown.filter(run => chosen.ids.has(run.run_id))}
        connection={props.connection.name}
        onClear={() => setChosen(NOTHING)}
      />
      <PinnedSection {...props} />
      {active.length > 0 && (
        <Section title={trans.__('Active (%1)', active.length)}>
          <RunRows {...rows} runs={active} />
        </Section>
      )}
      <Section title={trans.__('Runs')}>
        {ended.length > 0 ? (
          <RunRows {...rows} runs={ended} />
        ) : (
          <p className="jp-KfpEmpty">
            {emptyText(lists, active.length, trans)}
          </p>
        )}
        {words.trim() && runs.length === 0 && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => lists.search('')}
          >
            {trans.__('Clear filter')}
          </button>
        )}
        {filter.isPartial && lists.hasOlder && (
          <p className="jp-KfpEmpty">
            {trans.__('Filtered within the %1 newest runs.', lists.looked)}
          </p>
        )}
        {lists.hasOlder && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => void lists.loadOlder()}
          >
            {trans.__('Load more')}
          </button>
        )}
      </Section>
    </>
  );
}

function RunRows(
  props: IRunSectionProps & {
    readonly runs: readonly RunSummary[];
    readonly chosen: ReadonlySet<string>;
    readonly onChoose: (id: string, isRange: boolean) => void;
  }
): JSX.Element {
  const { commands, connection, trans, runs, clock } = props;
  const [now, setNow] = React.useState(() => Date.now());
  const isMoving = runs.some(run => !isFinalRunState(run.state));
  React.useEffect(() => {
    if (!isMoving) {
      setNow(Date.now());
      return;
    }
    return clock.read(setNow);
  }, [clock, isMoving, runs.length]);
  return (
    <ul className="jp-KfpRows" onKeyDown={moveFocus}>
      {runs.map(run => (
        <li key={run.run_id}>
          <button
            type="button"
            className="jp-KfpRows-row"
            title={[
              shownName(run.name),
              runStateWord(run.state, run.state_raw, trans),
              run.run_id,
              trans.__('Ctrl or Shift and click to choose several')
            ].join('\n')}
            aria-pressed={props.chosen.has(run.run_id)}
            onContextMenu={event => {
              event.preventDefault();
              event.stopPropagation();
              const row = event.currentTarget;
              const box = row.getBoundingClientRect();
              // the keyboard opens it in the middle of nowhere
              const isByKey = event.button !== 2;
              openRowMenu(
                props,
                { connection: connection.name, run_id: run.run_id },
                run,
                isByKey
                  ? { x: box.left + 24, y: box.bottom }
                  : { x: event.clientX, y: event.clientY },
                row
              );
            }}
            onClick={event => {
              if (event.shiftKey || event.ctrlKey || event.metaKey) {
                props.onChoose(run.run_id, event.shiftKey);
              } else {
                void commands.execute(CommandIDs.openRun, {
                  connection: connection.name,
                  run_id: run.run_id
                });
              }
            }}
          >
            <StateIcon sign={run.state} />
            <span className="jp-KfpRows-name">
              <Name>{run.name}</Name>
            </span>
            <span className="jp-KfpRows-state">
              {runStateWord(run.state, run.state_raw, trans)}
            </span>
            <span className="jp-KfpRows-age">
              {ago(run.created_at, now, trans)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Arrows, Home and End move between the rows of a list. */
export function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const rows = [
    ...event.currentTarget.querySelectorAll<HTMLElement>(
      'button.jp-KfpRows-row'
    )
  ];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: rows.length - 1
  }[event.key];
  if (to !== undefined && rows[to]) {
    event.preventDefault();
    rows[to].focus();
  }
}

function emptyText(
  lists: ListsStore,
  active: number,
  trans: TranslationBundle
): string {
  if (!lists.isKnown) {
    return lists.link?.message ?? trans.__('Loading…');
  }
  const { wrongState } = lists.filter;
  if (wrongState) {
    return trans.__('No run can be in the state "%1".', wrongState);
  }
  if (lists.words.trim()) {
    return active > 0
      ? trans.__('No run that has ended matches.')
      : trans.__('No run matches.');
  }
  return active > 0
    ? trans.__('No run has ended yet.')
    : trans.__(
        'No runs here yet. Run a cell that starts with %1.',
        '%%kfp run'
      );
}
