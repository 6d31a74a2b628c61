import type { LogStream } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../../gateway/gateway-error';
import type { LogEnd } from '../../gateway/log-stream';
import type { IRunStore } from '../run-store';
import { LogBuffer } from './log-buffer';

/** Bytes shown at first. */
const FIRST = 64 * 1024;
/** Bytes added by "Earlier lines". */
const EARLIER = 256 * 1024;

/** A log as the tab draws it. */
export interface ILogState {
  readonly buffer: LogBuffer;
  /** Grows with every change of the buffer. */
  readonly version: number;
  readonly end: LogEnd | null;
  readonly problem: string;
  /** Whether there are bytes before the first shown. */
  readonly hasEarlier: boolean;
  /** Whether the page has room for them. */
  readonly takesEarlier: boolean;
  readonly isLoading: boolean;
  /** Put lines before the first; resolves to how many came. */
  loadEarlier(): Promise<number>;
}

/** Follow the log of an attempt for as long as the component is mounted. */
export function useLog(
  store: IRunStore,
  taskId: string,
  attempt: number,
  stream: LogStream,
  limit: number
): ILogState {
  const buffer = React.useMemo(
    () => new LogBuffer({ limit }),
    [store, taskId, attempt, stream, limit]
  );
  const [version, setVersion] = React.useState(0);
  const [end, setEnd] = React.useState<LogEnd | null>(null);
  const [problem, setProblem] = React.useState('');
  const [isLoading, setLoading] = React.useState(false);

  React.useEffect(() => {
    setEnd(null);
    setProblem('');
    let frame = 0;
    const log = store.followLog({
      task_id: taskId,
      attempt,
      stream,
      from: -FIRST
    });
    log.received.connect((_, piece) => {
      buffer.append(piece.text, piece.offset, piece.lost);
      if (frame === 0) {
        frame = requestAnimationFrame(() => {
          frame = 0;
          setVersion(known => known + 1);
        });
      }
    });
    log.ended.connect(() => {
      setEnd(log.end);
      setProblem(log.error);
    });
    return () => {
      cancelAnimationFrame(frame);
      log.dispose();
    };
  }, [buffer, store, taskId, attempt, stream]);

  const loadEarlier = async (): Promise<number> => {
    const start = buffer.start ?? 0;
    const from = Math.max(0, start - EARLIER);
    setLoading(true);
    try {
      const chunk = await store.readLog({
        task_id: taskId,
        attempt,
        stream,
        from,
        limit: start - from
      });
      const added = buffer.prepend(
        chunk.text,
        chunk.offset,
        Math.max(0, start - chunk.next)
      );
      setVersion(known => known + 1);
      return added;
    } catch (reason) {
      setProblem(sentenceOf(reason));
      return 0;
    } finally {
      setLoading(false);
    }
  };
  return {
    buffer,
    version,
    end,
    problem,
    hasEarlier: (buffer.start ?? 0) > 0,
    takesEarlier: buffer.takesEarlier,
    isLoading,
    loadEarlier
  };
}
