/** A line of a comparison. */
export interface IDiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines above which only what differs in the middle is compared as a whole. */
const MOST = 2000;

/** Compare two texts line by line: what went away before what came. */
export function lineDiff(before: string, after: string): readonly IDiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) {
    head += 1;
  }
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  ) {
    tail += 1;
  }
  const same = (text: string): IDiffLine => ({ sign: ' ', text });
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same)
  ];
}

// the longest common subsequence, read from its table
function middle(
  a: readonly string[],
  b: readonly string[]
): readonly IDiffLine[] {
  const gone = (text: string): IDiffLine => ({ sign: '-', text });
  const come = (text: string): IDiffLine => ({ sign: '+', text });
  if (a.length * b.length > MOST * MOST) {
    return [...a.map(gone), ...b.map(come)];
  }
  const table = Array.from(
    { length: a.length + 1 },
    () => new Uint16Array(b.length + 1)
  );
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i][j] =
        a[i] === b[j]
          ? table[i + 1][j + 1] + 1
          : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const lines: IDiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i] });
      i += 1;
      j += 1;
    } else if (table[i + 1][j] >= table[i][j + 1]) {
      lines.push(gone(a[i]));
      i += 1;
    } else {
      lines.push(come(b[j]));
      j += 1;
    }
  }
  return [...lines, ...a.slice(i).map(gone), ...b.slice(j).map(come)];
}
