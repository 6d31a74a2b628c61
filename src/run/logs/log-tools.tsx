import type { LogStream, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CopyButton } from '../copy-button';
import { useRunEnvironment } from '../environment';
import type { IRunStore } from '../run-store';
import type { ILogLine } from './log-buffer';
import type { ISearch } from './use-search';
import { shownName } from '../shown-name';

/** How a log is shown; it outlives the choice of another one. */
export interface ILogTaste {
  readonly isWrapping: boolean;
  readonly isTimed: boolean;
  /** Whether the search takes a regular expression. */
  readonly isPattern: boolean;
}

/** Properties of the tools. */
export interface ILogToolsProps {
  readonly store: IRunStore;
  readonly task: TaskView;
  readonly attempt: number;
  readonly stream: LogStream;
  readonly lines: readonly ILogLine[];
  readonly isFollowing: boolean;
  readonly onFollow: (isFollowing: boolean) => void;
  readonly taste: ILogTaste;
  readonly onTaste: (taste: Partial<ILogTaste>) => void;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly search: ISearch;
  /** 1-based place of the match that was gone to; 0 when none was. */
  readonly place: number;
  /** Whether there are lines that are not in the page, and so not searched. */
  readonly isPart: boolean;
  /** Go to the next match, or with -1 to the one before. */
  readonly onStep: (by: 1 | -1) => void;
  readonly onFirstError: () => void;
  /** Whether lines are being loaded. */
  readonly isBusy: boolean;
  /** The choice of task and attempt, put before the tools. */
  readonly children: React.ReactNode;
}

/** What can be done with a log: search, follow, wrap, time stamps, first error, copy, download. */
export function LogTools(props: ILogToolsProps): JSX.Element {
  const { store, task, attempt, stream, lines, taste, onTaste } = props;
  const { trans } = useRunEnvironment();
  return (
    <div className="jp-KfpLogs-tools">
      {props.children}
      <Search {...props} />
      <span className="jp-KfpRun-space" />
      <Toggle
        label={trans.__('Follow')}
        mark="follow"
        isOn={props.isFollowing}
        onSet={props.onFollow}
      />
      <Toggle
        label={trans.__('Wrap')}
        isOn={taste.isWrapping}
        onSet={isWrapping => onTaste({ isWrapping })}
      />
      <Toggle
        label={trans.__('Times')}
        title={trans.__('Show when the lines were written')}
        isOn={taste.isTimed}
        onSet={isTimed => onTaste({ isTimed })}
      />
      <button
        type="button"
        className="jp-KfpButton"
        disabled={props.isBusy}
        onClick={props.onFirstError}
      >
        {trans.__('First error')}
      </button>
      <CopyButton
        label={trans.__('Copy')}
        text={() => lines.map(line => line.text).join('\n')}
      />
      <a
        className="jp-KfpButton"
        href={store.logDownloadUrl(task.id, attempt, stream)}
        download={`${shownName(task.name)}.log`}
      >
        {trans.__('Download')}
      </a>
    </div>
  );
}

function Search(props: ILogToolsProps): JSX.Element {
  const { query, search, taste } = props;
  const { trans } = useRunEnvironment();
  return (
    <span className="jp-KfpLogs-search">
      <input
        type="search"
        className="jp-KfpFilter"
        data-kfp-filter
        aria-label={trans.__('Search the log')}
        aria-invalid={search.problem !== null}
        placeholder={trans.__('Search')}
        value={query}
        onChange={event => props.onQuery(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            props.onStep(event.shiftKey ? -1 : 1);
          }
        }}
      />
      <button
        type="button"
        className="jp-KfpButton jp-KfpLogs-pattern"
        aria-pressed={taste.isPattern}
        aria-label={trans.__('Regular expression')}
        title={trans.__('Regular expression')}
        onClick={() => props.onTaste({ isPattern: !taste.isPattern })}
      >
        <span aria-hidden="true">.*</span>
      </button>
      {query && search.matches.length > 0 && (
        <>
          <button
            type="button"
            className="jp-KfpButton jp-KfpLogs-pattern"
            aria-label={trans.__('Previous match')}
            title={trans.__('Previous match')}
            onClick={() => props.onStep(-1)}
          >
            <span aria-hidden="true">↑</span>
          </button>
          <button
            type="button"
            className="jp-KfpButton jp-KfpLogs-pattern"
            aria-label={trans.__('Next match')}
            title={trans.__('Next match')}
            onClick={() => props.onStep(1)}
          >
            <span aria-hidden="true">↓</span>
          </button>
        </>
      )}
      {query && (
        <span
          className="jp-KfpLogs-found"
          role="status"
          title={
            props.isPart
              ? trans.__('Only the lines that are loaded are searched.')
              : undefined
          }
        >
          {search.problem === 'invalid'
            ? trans.__('not a pattern')
            : search.problem === 'slow'
              ? trans.__('this pattern takes too long')
              : search.problem === 'failed'
                ? trans.__('the search could not start')
                : search.isLooking
                  ? '…'
                  : props.place > 0
                    ? trans.__('%1 of %2', props.place, counted(props))
                    : props.isPart
                      ? trans.__('%1 lines', counted(props))
                      : trans._n('%1 line', '%1 lines', search.matches.length)}
        </span>
      )}
    </span>
  );
}

/** How many lines match; with a plus while not all are searched. */
function counted(props: ILogToolsProps): string {
  return `${props.search.matches.length}${props.isPart ? '+' : ''}`;
}

function Toggle(props: {
  readonly label: string;
  /** Where keys of the view find the button. */
  readonly mark?: string;
  readonly title?: string;
  readonly isOn: boolean;
  readonly onSet: (isOn: boolean) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-KfpButton"
      aria-pressed={props.isOn}
      title={props.title}
      data-kfp-toggle={props.mark}
      onClick={() => props.onSet(!props.isOn)}
    >
      {props.label}
    </button>
  );
}
