import type { LogTime } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { clockSeconds } from '../words';
import { lookClass } from './ansi';
import type { ILogLine } from './log-buffer';
import { timeAt } from './log-times';
import type { ILogState } from './use-log';

/** Properties of a line. */
export interface ILogLineProps {
  readonly line: ILogLine;
  /** When the log was written; null where times are not shown. */
  readonly times: readonly LogTime[] | null;
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
      {line.stretches.map((stretch, index) => (
        <span key={index} className={lookClass(stretch.look) || undefined}>
          {stretch.text}
        </span>
      ))}
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
