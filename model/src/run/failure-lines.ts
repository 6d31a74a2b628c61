/** Reads a task's log for the failure card: the exception, the line it points at, the last lines. */
import type { SourceLine } from './view.ts';

/** Lines of a log that the failure card shows. */
const TAIL_LINES = 20;
const TAIL_WIDTH = 200;
const MAX_REASON = 300;

// SGR and other escapes of terminals, as tools write them into logs.
const ESCAPES =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007]*(?:\u0007|\u001b\\)/g;
const EXCEPTION =
  /^(?:[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Iteration)|[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)+)(?::.*)?$/;
const FRAME = /^\s*File "([^"]+)", line (\d+), in (\S+)/;

/** The last exception line of a log, such as `KeyError: 'label'`; undefined when there is none. */
export function lastExceptionLine(log: string): string | undefined {
  const lines = plainLines(log);
  const trace = lastTraceback(lines);
  for (let index = lines.length - 1; index > trace && trace >= 0; index--) {
    const line = lines[index] ?? '';
    if (EXCEPTION.test(line)) {
      return line.slice(0, MAX_REASON);
    }
  }
  // An exception of a class with an unusual name: the first line after the frames that is not indented.
  const end =
    trace < 0
      ? undefined
      : lines.slice(trace + 1).find(line => /^\S/.test(line));
  return end?.slice(0, MAX_REASON);
}

/**
 * The line of the component's own source that the last traceback ends in.
 *
 * KFP's runtime writes the source of a component to `ephemeral_component.py`, so the line number counts in that text.
 */
export function sourceLineOf(
  log: string,
  source: string
): SourceLine | undefined {
  const lines = plainLines(log);
  const trace = lastTraceback(lines);
  if (trace < 0) {
    return undefined;
  }
  let found: SourceLine | undefined;
  const sources = source.split('\n');
  for (const line of lines.slice(trace + 1)) {
    const frame = FRAME.exec(line);
    const file = frame?.[1] ?? '';
    if (
      frame === null ||
      !(/ephemeral_component\.py$/.test(file) || file === '<string>')
    ) {
      continue;
    }
    const number = Number(frame[2]);
    const text = sources[number - 1]?.trim();
    if (text !== undefined && text !== '') {
      const name = frame[3] ?? '';
      found = {
        line: lineInFunction(sources, number, name),
        text: text.slice(0, TAIL_WIDTH),
        function: name
      };
    }
  }
  return found;
}

/** Lines are counted from the function's `def`, which is where the cell's source and the stored one agree. */
function lineInFunction(
  sources: readonly string[],
  number: number,
  name: string
): number {
  const start = sources.findIndex(line =>
    line.trimStart().startsWith(`def ${name}(`)
  );
  return start < 0 || start >= number ? number : number - start;
}

/** The last lines of a log without escapes, cut to what a card can show. */
export function logTail(log: string): readonly string[] {
  const lines = plainLines(log);
  while (lines.at(-1) === '') {
    lines.pop();
  }
  return lines
    .slice(-TAIL_LINES)
    .map(line =>
      line.length > TAIL_WIDTH ? `${line.slice(0, TAIL_WIDTH - 1)}…` : line
    );
}

function lastTraceback(lines: readonly string[]): number {
  for (let index = lines.length - 1; index >= 0; index--) {
    if (lines[index]?.startsWith('Traceback (most recent call last)')) {
      return index;
    }
  }
  return -1;
}

function plainLines(log: string): string[] {
  return log
    .replace(ESCAPES, '')
    .split('\n')
    .map(line =>
      line.slice(line.lastIndexOf('\r', line.length - 2) + 1).replace(/\r$/, '')
    );
}
