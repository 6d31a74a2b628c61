import type { LogTime } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { clockSeconds } from '../words';
import { lookClass, marked } from './ansi';
import type { ILogLine } from './log-buffer';
import { timeAt } from './log-times';
import type { SearchRange } from './search-worker';
import type { ILogState } from './use-log';

/** Properties of a line. */
export interface ILogLineProps {
  readonly line: ILogLine;
  /** When the log was written; null where times are not shown. */
  readonly times: readonly LogTime[] | null;
  /** Where in the line something was found, in order. */
  readonly ranges: readonly SearchRange[];
}

/** One line: what was written, in the looks it asks for, as text. */
export function LogLine(props: ILogLineProps): JSX.Element {
  const { line, times } = props;
  const { trans } = useRunEnvironment();
  if (line.gap) {
    return (
      <span className="jp-KfpLog-gap">
        {trans.__('%1 bytes are missing here', line.gap)}
      </span>
    );
  }
  return (
    <>
      {times && <LineTime at={timeAt(times, line.offset)} />}
      {marked(line.stretches, props.ranges).map(
        ({ text, look, isFound }, index) =>
          isFound ? (
            <mark key={index} className="jp-KfpLog-match">
              {text}
            </mark>
          ) : (
            <span key={index} className={lookClass(look) || undefined}>
              {text}
            </span>
          )
      )}
      {line.cut && (
        <span className="jp-KfpLog-gap">
          {trans.__(' … %1 more characters', line.cut)}
        </span>
      )}
    </>
  );
}

function LineTime(props: { readonly at: number | undefined }): JSX.Element {
  const { at } = props;
  const date = at === undefined ? null : new Date(at);
  return (
    <time
      className="jp-KfpLog-time"
      dateTime={date?.toISOString()}
      title={date?.toLocaleString()}
    >
      {date && clockSeconds(date.toISOString())}
    </time>
  );
}

/** What stands before the first line: the way to earlier ones. */
export function LogStart(props: {
  readonly log: ILogState;
  readonly onEarlier: () => void;
}): JSX.Element | null {
  const { log } = props;
  const { trans } = useRunEnvironment();
  if (log.buffer.dropped > 0) {
    return (
      <p className="jp-KfpLog-gap">
        {trans.__(
          '%1 older lines were dropped from the page. The download has all.',
          log.buffer.dropped
        )}
      </p>
    );
  }
  if (log.hasEarlier && !log.takesEarlier) {
    return (
      <p className="jp-KfpLog-gap">
        {trans.__(
          'The page keeps %1 lines; earlier ones are in the download.',
          log.buffer.lines.length
        )}
      </p>
    );
  }
  return log.hasEarlier ? (
    <button
      type="button"
      className="jp-KfpButton"
      disabled={log.isLoading}
      onClick={props.onEarlier}
    >
      {trans.__('Earlier lines')}
    </button>
  ) : null;
}

/** What stands behind the last line: why there is no more. */
export function LogEnd(props: {
  readonly log: ILogState;
  readonly isEmpty: boolean;
  readonly isRunning: boolean;
}): JSX.Element | null {
  const { log } = props;
  const { trans } = useRunEnvironment();
  if (log.problem) {
    return <p className="jp-KfpLog-gap">{log.problem}</p>;
  }
  if (log.end === 'gone') {
    return (
      <p className="jp-KfpLog-gap">
        {trans.__('The log is gone: the pod was deleted before it was read.')}
      </p>
    );
  }
  if (log.end === 'limit') {
    return (
      <p className="jp-KfpLog-gap">
        {trans.__('The log reached its size limit here.')}
      </p>
    );
  }
  if (props.isEmpty) {
    return (
      <p className="jp-KfpLog-gap">
        {log.end === 'finished' || !props.isRunning
          ? trans.__('This attempt wrote nothing.')
          : trans.__('Nothing was written yet.')}
      </p>
    );
  }
  return null;
}
