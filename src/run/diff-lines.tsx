import * as React from 'react';

import type { IDiffLine } from './line-diff';

/** Equal lines kept around what differs when the rest is folded. */
const AROUND = 3;

/** Lines of a comparison, with the sign of each as text. */
export function DiffLines(props: {
  readonly lines: readonly IDiffLine[];
  /** Whether long stretches of equal lines are left out. */
  readonly isFolded?: boolean;
}): JSX.Element {
  const lines = props.isFolded ? withoutEqual(props.lines) : props.lines;
  return (
    <pre className="jp-KfpDrift-lines" tabIndex={0}>
      {lines.map((line, index) => (
        <div
          key={index}
          className={
            line.sign === '-'
              ? 'jp-mod-gone'
              : line.sign === '+'
                ? 'jp-mod-come'
                : undefined
          }
        >
          {`${line.sign} ${line.text}`}
        </div>
      ))}
    </pre>
  );
}

/** The lines that differ with a few around them; a line of dots stands for what was left out. */
export function withoutEqual(
  lines: readonly IDiffLine[]
): readonly IDiffLine[] {
  const isKept = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.sign !== ' ') {
      isKept.fill(true, Math.max(0, index - AROUND), index + AROUND + 1);
    }
  });
  return lines.flatMap((line, index) =>
    isKept[index]
      ? [line]
      : index === 0 || isKept[index - 1]
        ? [{ sign: ' ' as const, text: '⋯' }]
        : []
  );
}
