import { useVirtualizer } from '@tanstack/react-virtual';
import type { LogStream, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { copyText } from '../clipboard';
import { useRunEnvironment } from '../environment';
import type { IRunStore } from '../run-store';
import { lookClass } from './ansi';
import type { ILogLine } from './log-buffer';
import { useLog, type ILogState } from './use-log';

/** Pixels of a line that is not wrapped. */
const LINE = 18;
/** Pixels from the end within which the reader counts as being at the end. */
const NEAR = 24;
const FIRST_ERROR = /Traceback|Error:|ERROR|FATAL|panic:/;

/** Properties of the panel. */
export interface ILogPanelProps {
  readonly store: IRunStore;
  readonly task: TaskView;
  /** 0-based. */
  readonly attempt: number;
  readonly stream: LogStream;
  readonly isRunning: boolean;
  /** The choice of task and attempt, put before the tools. */
  readonly children: React.ReactNode;
}

/** The lines of one log, only those in sight in the page, with search and follow. */
export function LogPanel(props: ILogPanelProps): JSX.Element {
  const { store, task, attempt, stream } = props;
  const { trans, logLines } = useRunEnvironment();
  const log = useLog(store, task.id, attempt, stream, logLines);
  const lines = React.useMemo(
    () => log.buffer.lines,
    [log.buffer, log.version]
  );
  const [isFollowing, setFollowing] = React.useState(props.isRunning);
  const [isWrapping, setWrapping] = React.useState(false);
  const [query, setQuery] = React.useState('');
  const [found, setFound] = React.useState(-1);
  const [hasFocus, setFocus] = React.useState(false);

  const scroll = React.useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    getItemKey: index => lines[index]?.key ?? index,
    estimateSize: () => LINE,
    overscan: 20,
    initialRect: { width: 600, height: 400 }
  });
  React.useLayoutEffect(() => {
    if (isFollowing && lines.length > 0) {
      list.scrollToIndex(lines.length - 1, { align: 'end' });
    }
    // the buffer keeps one array for its lines: only its version tells that there are more
  }, [isFollowing, lines, log.version, list]);

  const onScroll = (): void => {
    const node = scroll.current;
    if (
      node &&
      isFollowing &&
      node.scrollHeight - node.scrollTop - node.clientHeight > 4 * NEAR
    ) {
      setFollowing(false);
    }
  };
  const show = (index: number): void => {
    if (index >= 0) {
      setFollowing(false);
      setFound(index);
      list.scrollToIndex(index, { align: 'center' });
    }
  };
  const matches = React.useMemo(
    () => matching(lines, query),
    [lines, log.version, query]
  );
  const step = (by: number): void => {
    const at = matches.indexOf(found);
    const next = at < 0 ? (by > 0 ? 0 : matches.length - 1) : at + by;
    show(matches[(next + matches.length) % Math.max(1, matches.length)] ?? -1);
  };

  return (
    <>
      <div className="jp-KfpLogs-tools">
        {props.children}
        <input
          type="search"
          className="jp-KfpFilter"
          data-kfp-filter
          aria-label={trans.__('Search the log')}
          placeholder={trans.__('Search')}
          value={query}
          onChange={event => setQuery(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter') {
              step(event.shiftKey ? -1 : 1);
            }
          }}
        />
        {query && (
          <span className="jp-KfpLogs-found" role="status">
            {trans._n('%1 line', '%1 lines', matches.length)}
          </span>
        )}
        <span className="jp-KfpRun-space" />
        <Toggle
          label={trans.__('Follow')}
          isOn={isFollowing}
          onSet={setFollowing}
        />
        <Toggle
          label={trans.__('Wrap')}
          isOn={isWrapping}
          onSet={setWrapping}
        />
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() =>
            show(lines.findIndex(line => FIRST_ERROR.test(line.text)))
          }
        >
          {trans.__('First error')}
        </button>
        <button
          type="button"
          className="jp-KfpButton"
          onClick={() => copyText(lines.map(line => line.text).join('\n'))}
        >
          {trans.__('Copy')}
        </button>
        <a
          className="jp-KfpButton"
          href={store.logDownloadUrl(task.id, attempt, stream)}
          download={`${task.name}.log`}
        >
          {trans.__('Download')}
        </a>
      </div>
      <div
        ref={scroll}
        className={`jp-KfpLog ${isWrapping ? 'jp-mod-wrap' : ''}`}
        role="log"
        aria-live={isFollowing && hasFocus ? 'polite' : 'off'}
        aria-label={trans.__('Log of %1', task.name)}
        tabIndex={0}
        onScroll={onScroll}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        data-kfp-follow={isFollowing}
        onKeyDown={event => {
          if (
            event.key === 'f' &&
            !event.ctrlKey &&
            !event.metaKey &&
            !event.altKey
          ) {
            setFollowing(!isFollowing);
          }
        }}
      >
        <LogStart log={log} />
        <div
          className="jp-KfpLog-lines"
          style={{ height: list.getTotalSize() }}
        >
          {list.getVirtualItems().map(item => (
            <div
              key={item.key}
              ref={isWrapping ? list.measureElement : undefined}
              data-index={item.index}
              className={`jp-KfpLog-line ${item.index === found ? 'jp-mod-found' : ''}`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogLine line={lines[item.index]} />
            </div>
          ))}
        </div>
        <LogEnd
          log={log}
          isEmpty={lines.length === 0}
          isRunning={props.isRunning}
        />
      </div>
    </>
  );
}

function LogLine(props: { readonly line: ILogLine }): JSX.Element {
  const { line } = props;
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

function LogStart(props: { readonly log: ILogState }): JSX.Element | null {
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
      onClick={() => log.loadEarlier()}
    >
      {trans.__('Earlier lines')}
    </button>
  ) : null;
}

function LogEnd(props: {
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

function Toggle(props: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onSet: (isOn: boolean) => void;
}): JSX.Element {
  return (
    <button
      type="button"
      className="jp-KfpButton"
      aria-pressed={props.isOn}
      onClick={() => props.onSet(!props.isOn)}
    >
      {props.label}
    </button>
  );
}

function matching(
  lines: readonly ILogLine[],
  query: string
): readonly number[] {
  if (!query) {
    return [];
  }
  const regex = /^\/(.+)\/$/.exec(query);
  let test: (text: string) => boolean;
  try {
    const pattern = regex ? new RegExp(regex[1], 'i') : null;
    const plain = query.toLowerCase();
    test = pattern
      ? text => pattern.test(text)
      : text => text.toLowerCase().includes(plain);
  } catch {
    return []; // a pattern that is still being typed
  }
  return lines.flatMap((line, index) => (test(line.text) ? [index] : []));
}
