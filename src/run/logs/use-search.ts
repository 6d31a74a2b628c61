import * as React from 'react';

import type { ILogLine } from './log-buffer';
import { SearchThread, SlowPattern } from './search-thread';
import type { SearchRange } from './search-worker';

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
  /** Where in a line it was found, in order; a pattern only its first place. */
  readonly rangesIn: (line: ILogLine) => readonly SearchRange[];
}

const NOWHERE = (): readonly SearchRange[] => [];
const NOTHING: ISearch = { matches: [], problem: null, rangesIn: NOWHERE };
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
  const plain = usePlain(lines, version, isPattern ? '' : query);
  const byPattern = usePattern(lines, version, isPattern ? query : '');
  return isPattern ? byPattern : plain;
}

function usePlain(
  lines: readonly ILogLine[],
  version: number,
  query: string
): ISearch {
  // a line never changes, so each is looked at once for as long as the query stands
  const known = React.useMemo(() => new WeakMap<ILogLine, boolean>(), [query]);
  return React.useMemo(() => {
    const wanted = query.toLowerCase();
    if (wanted === '') {
      return NOTHING;
    }
    const holds = (line: ILogLine): boolean => {
      let found = known.get(line);
      if (found === undefined) {
        found = line.text.toLowerCase().includes(wanted);
        known.set(line, found);
      }
      return found;
    };
    return {
      ...NOTHING,
      matches: lines.flatMap((line, index) => (holds(line) ? [index] : [])),
      rangesIn: line => placesOf(wanted, line.text.toLowerCase())
    };
  }, [lines, version, query, known]);
}

/** Every place of a text in another. */
function placesOf(wanted: string, text: string): readonly SearchRange[] {
  const places: SearchRange[] = [];
  for (
    let at = text.indexOf(wanted);
    at >= 0 && wanted !== '';
    at = text.indexOf(wanted, at + wanted.length)
  ) {
    places.push([at, at + wanted.length]);
  }
  return places;
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
    lines: new Map<number, { text: string; place: SearchRange | null }>()
  });
  React.useEffect(() => () => thread.dispose(), [thread]);
  React.useEffect(() => {
    if (pattern === '') {
      setSearch(NOTHING);
      return;
    }
    if (!isValid(pattern)) {
      setSearch({ ...NOTHING, problem: 'invalid' });
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
        known.lines.set(key, { text, place: answer[index] })
      );
      if (isCurrent) {
        setSearch({
          matches: lines.flatMap(({ key }, index) =>
            known.lines.get(key)?.place ? [index] : []
          ),
          problem: null,
          rangesIn: ({ key }) => {
            const place = known.lines.get(key)?.place;
            return place ? [place] : [];
          }
        });
      }
    };
    const timer = window.setTimeout(() => {
      look().catch((reason: unknown) => {
        if (isCurrent) {
          setSearch({
            ...NOTHING,
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
