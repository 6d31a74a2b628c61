import { useVirtualizer } from '@tanstack/react-virtual';
import type { LogStream, TaskView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import type { IRunStore } from '../run-store';
import { LogEnd, LogLine, LogStart } from './log-lines';
import { LogTools, type ILogTaste } from './log-tools';
import { useLog } from './use-log';
import { useLogTimes } from './use-log-times';
import { useSearch } from './use-search';
import { inSentence } from '../shown-name';

/** Pixels of a line that is not wrapped. */
const LINE = 18;
/** Pixels from the end within which the reader counts as being at the end. */
const NEAR = 24;
/** Earlier pieces that are loaded at most in search of the first error. */
const MOST_LOADS = 16;
const FIRST_ERROR = /Traceback|Error:|ERROR|FATAL|panic:/;

/** Properties of the panel. */
export interface ILogPanelProps {
  readonly store: IRunStore;
  readonly task: TaskView;
  /** 0-based. */
  readonly attempt: number;
  readonly stream: LogStream;
  readonly isRunning: boolean;
  readonly taste: ILogTaste;
  readonly onTaste: (taste: Partial<ILogTaste>) => void;
  /** The choice of task and attempt, put before the tools. */
  readonly children: React.ReactNode;
}

/** The lines of one log, only those in sight in the page, with search and follow. */
export function LogPanel(props: ILogPanelProps): JSX.Element {
  const { store, task, attempt, stream, isRunning, taste } = props;
  const { trans, logLines } = useRunEnvironment();
  const log = useLog(store, task.id, attempt, stream, logLines);
  const lines = React.useMemo(
    () => log.buffer.lines,
    [log.buffer, log.version]
  );
  const { times, problem } = useLogTimes(
    store,
    task.id,
    attempt,
    taste.isTimed && stream === 'main',
    isRunning
  );
  const [isFollowing, setFollowing] = React.useState(isRunning);
  /** Whether the log of an attempt that ended still stands where it opened: at its end. */
  const [isAtEnd, setAtEnd] = React.useState(true);
  const [query, setQuery] = React.useState('');
  /** Key of the line that was gone to. */
  const [found, setFound] = React.useState<number | null>(null);
  /** The line to keep in sight after earlier ones came before it. */
  const [kept, setKept] = React.useState<{ readonly index: number } | null>(
    null
  );
  const [hasFocus, setFocus] = React.useState(false);
  const [hasNoError, setNoError] = React.useState(false);
  /** Key of the line to go to, once the list has it. */
  const [wanted, setWanted] = React.useState<number | null>(null);
  const search = useSearch(lines, log.version, query, taste.isPattern);

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
    if ((isFollowing || isAtEnd) && lines.length > 0) {
      list.scrollToIndex(lines.length - 1, { align: 'end' });
    }
    // the buffer keeps one array for its lines: only its version tells that there are more
  }, [isFollowing, isAtEnd, lines, log.version, list]);

  const leaveEnd = (): void => {
    setFollowing(false);
    setAtEnd(false);
  };
  const seen = React.useRef({ top: 0, height: 0 });
  const onScroll = (): void => {
    const node = scroll.current;
    if (!node) {
      return;
    }
    const { scrollTop: top, scrollHeight: height } = node;
    // lines that turn out lower than they were estimated, and old ones that go, move the place up without the reader
    const isReader = top < seen.current.top && height >= seen.current.height;
    seen.current = { top, height };
    if (
      (isFollowing || isAtEnd) &&
      isReader &&
      height - top - node.clientHeight > NEAR
    ) {
      leaveEnd();
    }
  };
  const show = (index: number): void => {
    if (lines[index]) {
      leaveEnd();
      setFound(lines[index].key);
      list.scrollToIndex(index, { align: 'center' });
    }
  };
  const showEarlier = (): void => {
    leaveEnd();
    void log.loadEarlier().then(index => setKept({ index }));
  };
  // what the reader saw stays where it was, below what came: once the list has the new lines
  React.useLayoutEffect(() => {
    if (kept) {
      list.scrollToIndex(kept.index, { align: 'start' });
    }
  }, [kept, list]);
  // the first of the whole log, as far as the page has room for it
  const showFirstError = async (): Promise<void> => {
    leaveEnd();
    setNoError(false);
    for (let loads = 0; loads < MOST_LOADS; loads += 1) {
      if (!log.buffer.takesEarlier || (await log.loadEarlier()) === 0) {
        break;
      }
    }
    const error = log.buffer.lines.find(({ text }) => FIRST_ERROR.test(text));
    setNoError(!error);
    if (error) {
      setWanted(error.key);
    }
  };
  React.useLayoutEffect(() => {
    if (wanted !== null) {
      setWanted(null);
      show(lines.findIndex(({ key }) => key === wanted));
    }
  }, [wanted, lines, log.version]);
  // what was asked for before the pattern was tested
  const asked = React.useRef<1 | -1 | null>(null);
  const step = (by: 1 | -1): void => {
    asked.current = search.isLooking ? by : null;
    const { matches } = search;
    const at = matches.findIndex(index => lines[index]?.key === found);
    const next = at < 0 ? (by > 0 ? 0 : matches.length - 1) : at + by;
    show(matches[(next + matches.length) % Math.max(1, matches.length)] ?? -1);
  };

  React.useEffect(() => {
    if (asked.current && !search.isLooking) {
      step(asked.current);
    }
  }, [search]);

  return (
    <>
      <LogTools
        store={store}
        task={task}
        attempt={attempt}
        stream={stream}
        lines={lines}
        isFollowing={isFollowing}
        onFollow={setFollowing}
        taste={taste}
        onTaste={props.onTaste}
        query={query}
        onQuery={setQuery}
        search={search}
        place={
          search.matches.findIndex(index => lines[index]?.key === found) + 1
        }
        isPart={log.hasEarlier || log.buffer.dropped > 0}
        onStep={step}
        onFirstError={() => void showFirstError()}
        isBusy={log.isLoading}
      >
        {props.children}
      </LogTools>
      {taste.isTimed &&
        (problem || stream !== 'main' || times?.length === 0) && (
          <p className="jp-KfpLogs-note" role="status">
            {problem ||
              trans.__('When the lines were written is not known of this log.')}
          </p>
        )}
      {hasNoError && (
        <p className="jp-KfpLogs-note" role="status">
          {log.hasEarlier || log.buffer.dropped > 0
            ? trans.__('No line that is loaded looks like an error.')
            : trans.__('No line looks like an error.')}
        </p>
      )}
      <div
        ref={scroll}
        className={`jp-KfpLog ${taste.isWrapping ? 'jp-mod-wrap' : ''}`}
        role="log"
        aria-live={isFollowing && hasFocus ? 'polite' : 'off'}
        aria-label={trans.__('Log of %1', inSentence(task.name))}
        tabIndex={0}
        onScroll={onScroll}
        onFocus={() => setFocus(true)}
        onBlur={() => setFocus(false)}
        data-kfp-follow={isFollowing}
      >
        <LogStart log={log} onEarlier={showEarlier} />
        <div
          className="jp-KfpLog-lines"
          style={{ height: list.getTotalSize() }}
        >
          {list.getVirtualItems().map(item => (
            <div
              key={item.key}
              ref={taste.isWrapping ? list.measureElement : undefined}
              data-index={item.index}
              className={`jp-KfpLog-line ${lines[item.index]?.key === found ? 'jp-mod-found' : ''}`}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogLine
                line={lines[item.index]}
                times={times?.length && taste.isTimed ? times : null}
                ranges={search.rangesIn(lines[item.index])}
              />
            </div>
          ))}
        </div>
        <LogEnd log={log} isEmpty={lines.length === 0} isRunning={isRunning} />
      </div>
    </>
  );
}
