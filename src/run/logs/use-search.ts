import * as React from 'react';

import type { ILogLine } from './log-buffer';
import { SearchThread, SlowPattern } from './search-thread';

/** Milliseconds without a key after which a pattern is tried. */
const PAUSE = 200;

/** What a search found. */
export interface ISearch {
  /** Places of the lines that match, in order. */
  readonly matches: readonly number[];
  /** Why nothing is found: the pattern is no pattern, or it takes too long. */
  readonly problem: 'invalid' | 'slow' | 'failed' | null;
  /** Whether the pattern was not tested yet. */
  readonly isLooking?: boolean;
}

const NOTHING: ISearch = { matches: [], problem: null };
const LOOKING: ISearch = { ...NOTHING, isLooking: true };

/**
 * The lines that hold a text, or match a pattern.
 *
 * #### Notes
 * A text is looked for at once. A pattern is tested in a thread with a limit of time, because one that is badly made takes longer than
 * the reader lives; each line is tested once, only the last one, which may grow, again.
 */
export function useSearch(
  lines: readonly ILogLine[],
  version: number,
  query: string,
  isPattern: boolean
): ISearch {
  const plain = React.useMemo(
    () =>
      isPattern ? NOTHING : { ...NOTHING, matches: holding(lines, query) },
    [lines, version, query, isPattern]
  );
  const byPattern = usePattern(lines, version, isPattern ? query : '');
  return isPattern ? byPattern : plain;
}

function holding(lines: readonly ILogLine[], query: string): readonly number[] {
  const wanted = query.toLowerCase();
  return wanted === ''
    ? []
    : lines.flatMap(({ text }, index) =>
        text.toLowerCase().includes(wanted) ? [index] : []
      );
}

function usePattern(
  lines: readonly ILogLine[],
  version: number,
  pattern: string
): ISearch {
  const [thread] = React.useState(() => new SearchThread());
  const [search, setSearch] = React.useState(NOTHING);
  const tested = React.useRef({
    pattern: '',
    lines: new Map<number, { text: string; matches: boolean }>()
  });
  React.useEffect(() => () => thread.dispose(), [thread]);
  React.useEffect(() => {
    if (pattern === '') {
      setSearch(NOTHING);
      return;
    }
    if (!isValid(pattern)) {
      setSearch({ matches: [], problem: 'invalid' });
      return;
    }
    let isCurrent = true;
    if (tested.current.pattern !== pattern) {
      tested.current = { pattern, lines: new Map() };
      setSearch(LOOKING);
    }
    const known = tested.current;
    const look = async (): Promise<void> => {
      const unknown = lines.filter(
        ({ key, text }) => known.lines.get(key)?.text !== text
      );
      const answer =
        unknown.length === 0
          ? []
          : await thread.test(
              pattern,
              unknown.map(({ text }) => text)
            );
      unknown.forEach(({ key, text }, index) =>
        known.lines.set(key, { text, matches: answer[index] })
      );
      if (isCurrent) {
        setSearch({
          matches: lines.flatMap(({ key }, index) =>
            known.lines.get(key)?.matches ? [index] : []
          ),
          problem: null
        });
      }
    };
    const timer = window.setTimeout(() => {
      look().catch((reason: unknown) => {
        if (isCurrent) {
          setSearch({
            matches: [],
            problem: reason instanceof SlowPattern ? 'slow' : 'failed'
          });
        }
      });
    }, PAUSE);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [thread, lines, version, pattern]);
  return search;
}

function isValid(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, 'i'));
  } catch {
    return false; // one that is still being typed
  }
}
