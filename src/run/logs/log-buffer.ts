import { parseAnsi, type ILook, type IStretch } from './ansi';

/** Characters of a line that are drawn; the rest is told as a number. */
const LINE_LIMIT = 5000;
/** Characters of an unfinished line that are kept: escapes and returns take room and are not drawn. */
const KEPT = 4 * LINE_LIMIT;
const PLAIN: ILook = {};

/** A line as it is drawn. */
export interface ILogLine {
  /** Number of the line since the start of the buffer; never reused. */
  readonly key: number;
  readonly stretches: readonly IStretch[];
  /** The line without looks, for search. */
  readonly text: string;
  /** Byte offset of its start: exact where the text before it in its piece is ASCII, else a little early. */
  readonly offset: number;
  /** Set for a line that the page wrote itself: something is missing here. */
  readonly gap?: number;
  /** Characters left out at the end. */
  readonly cut?: number;
}

/**
 * The lines of a log as far as the page keeps them.
 *
 * #### Notes
 * Carriage return overwrites the line, so a progress bar stays one line. Looks carry over line ends. When more than the limit came, the
 * oldest lines are dropped and counted.
 */
export class LogBuffer {
  constructor(options: LogBuffer.IOptions) {
    this._limit = options.limit;
  }

  /** The lines, the unfinished last one included. */
  get lines(): readonly ILogLine[] {
    return this._open === ''
      ? this._lines
      : [
          ...this._lines,
          this._line(
            this._open,
            this._look,
            this._nextKey,
            this._openCut,
            this._openStart
          ).line
        ];
  }

  /** Lines that were dropped from the start. */
  get dropped(): number {
    return this._dropped;
  }

  /** Byte offset of the first byte that was taken; undefined before any. */
  get start(): number | undefined {
    return this._start;
  }

  /**
   * Take a piece.
   *
   * @param text - what was written.
   * @param offset - byte offset of its first byte.
   * @param lost - bytes missing before it.
   */
  append(text: string, offset: number, lost: number): void {
    this._start ??= offset;
    if (lost > 0) {
      this._closeLine();
      this._lines.push(gapLine(this._nextKey++, offset - lost, lost));
    }
    const [first, ...rest] = text.split('\n');
    if (this._open === '') {
      this._openStart = offset;
    }
    this._extend(first);
    let at = offset + first.length + 1;
    for (const part of rest) {
      this._push(this._open);
      this._open = '';
      this._openCut = 0;
      this._openStart = at;
      this._extend(part);
      at += part.length + 1;
    }
    if (this._lines.length > this._limit) {
      const many = this._lines.length - this._limit;
      this._lines.splice(0, many);
      this._dropped += many;
    }
  }

  /** Whether there is something before the first line that the page has room for. */
  get takesEarlier(): boolean {
    return (
      (this._start ?? 0) > 0 &&
      this._dropped === 0 &&
      this._lines.length < this._limit
    );
  }

  /**
   * Put earlier text before the lines; looks of it do not carry over.
   *
   * @param lost - bytes missing between the text and where the buffer starts.
   * @returns number of lines that were put there. Those there is no room for stay outside, and the buffer starts behind them.
   */
  prepend(text: string, offset: number, lost = 0): number {
    const half = offset > 0 ? halfLine(text) : ''; // comes whole with the next earlier piece
    const start = offset + new TextEncoder().encode(half).length;
    const older = new LogBuffer({ limit: Infinity });
    older._nextKey = this._firstKey - text.length - 2;
    this._firstKey = older._nextKey;
    older.append(text.slice(half.length), start, 0);
    older._closeLine();
    if (lost > 0) {
      older._lines.push(
        gapLine(older._nextKey++, (this._start ?? 0) - lost, lost)
      );
    }
    const room = Math.max(0, this._limit - this._lines.length);
    const kept = room === 0 ? [] : older._lines.slice(-room);
    this._lines.unshift(...kept);
    this._start =
      kept.length === older._lines.length
        ? start
        : (kept[0]?.offset ?? this._start);
    return kept.length;
  }

  // never more than what can be drawn is kept of a line: one of many megabytes would be read again with every piece
  private _extend(part: string): void {
    let open = this._open + part;
    // only what stands after the last return is ever seen, so an endless progress bar stays small
    const at = open.lastIndexOf('\r', open.length - 2);
    if (at > 0 && open.length > LINE_LIMIT) {
      open = open.slice(at);
      this._openCut = 0;
    }
    if (open.length > KEPT) {
      this._openCut += open.length - KEPT;
      open = open.slice(0, KEPT);
    }
    this._open = open;
  }

  private _push(raw: string): void {
    const { line, look } = this._line(
      raw,
      this._look,
      this._nextKey++,
      this._openCut,
      this._openStart
    );
    this._look = look;
    this._lines.push(line);
  }

  private _closeLine(): void {
    if (this._open !== '') {
      this._push(this._open);
      this._open = '';
      this._openCut = 0;
    }
  }

  private _line(
    raw: string,
    look: ILook,
    key: number,
    more: number,
    offset: number
  ): { line: ILogLine; look: ILook } {
    const shown = overwritten(raw.endsWith('\r') ? raw.slice(0, -1) : raw);
    const cut = shown.length - LINE_LIMIT + more;
    const parsed = parseAnsi(shown.slice(0, LINE_LIMIT), look);
    return {
      line: {
        key,
        stretches: parsed.stretches,
        text: parsed.stretches.map(stretch => stretch.text).join(''),
        offset,
        ...(cut > 0 ? { cut } : {})
      },
      look: cut > 0 ? PLAIN : parsed.look
    };
  }

  private readonly _limit: number;
  private readonly _lines: ILogLine[] = [];
  private _open = '';
  /** Characters of the open line that are not kept. */
  private _openCut = 0;
  private _openStart = 0;
  private _look: ILook = PLAIN;
  private _nextKey = 0;
  private _firstKey = 0;
  private _dropped = 0;
  private _start: number | undefined;
}

/** Options of the buffer. */
export namespace LogBuffer {
  export interface IOptions {
    /** Lines kept. */
    readonly limit: number;
  }
}

function gapLine(key: number, offset: number, gap: number): ILogLine {
  return { key, stretches: [], text: '', offset, gap };
}

// what stands before the first whole line; empty where there is no other line, or where its bytes cannot be counted: one that is broken
// is one character of three
function halfLine(text: string): string {
  const half = text.slice(0, text.indexOf('\n') + 1);
  return half.length === text.length || half.includes('\ufffd') ? '' : half;
}

// what a terminal shows after carriage returns: later text lies over earlier text
function overwritten(raw: string): string {
  if (!raw.includes('\r')) {
    return raw;
  }
  const parts = raw.split('\r').filter(part => part !== '');
  if (raw.includes('\x1b')) {
    return parts.pop() ?? ''; // escapes have no width, so columns cannot be counted; the newest state is what matters
  }
  return parts.reduce((shown, part) => part + shown.slice(part.length), '');
}
