import * as React from 'react';

import { sentenceOf } from '../gateway/gateway-error';
import { DiffLines } from '../run/diff-lines';
import { useRunEnvironment } from '../run/environment';
import { lineDiff, type IDiffLine } from '../run/line-diff';
import type { RunModel } from '../run/run-model';
import { shownName } from '../run/shown-name';

/** What is known of the difference between the pipelines of two runs. */
type Difference =
  | { readonly kind: 'loading' }
  | { readonly kind: 'problem'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly IDiffLine[] };

/** Whether the runs are of the same compiled pipeline, and what differs between the first and another. */
export function PipelinePart(props: {
  readonly models: readonly RunModel[];
  readonly isSame: boolean | null;
}): JSX.Element {
  const { models, isSame } = props;
  const { trans } = useRunEnvironment();
  const [other, setOther] = React.useState(0);
  const chosen = models[other] ? other : 0;
  return (
    <section className="jp-KfpCompare-pipeline">
      <h3>{trans.__('Compiled pipeline')}</h3>
      <p>
        {isSame === null
          ? trans.__('It is not known whether the compiled pipelines differ.')
          : isSame
            ? trans.__('The compiled pipeline is the same.')
            : trans.__('Compiled pipeline differs')}
      </p>
      {isSame !== true && (
        <p className="jp-KfpCompare-buttons">
          {models.slice(1).map((model, index) => (
            <button
              key={index}
              type="button"
              className="jp-KfpButton"
              aria-pressed={chosen === index + 1}
              onClick={() => setOther(chosen === index + 1 ? 0 : index + 1)}
            >
              {models.length === 2
                ? trans.__('Show difference')
                : trans.__(
                    'Show difference to %1',
                    shownName(
                      model.view?.run.name ?? model.store?.key.run_id ?? ''
                    )
                  )}
            </button>
          ))}
        </p>
      )}
      {isSame !== true && chosen > 0 && (
        <Lines key={chosen} left={models[0]} right={models[chosen]} />
      )}
    </section>
  );
}

// a compiled pipeline may hold a whole program in one text of JSON, which is read and compared line by line
function unfolded(pipeline: string): string {
  return pipeline.replace(/(?<!\\)\\n/g, '\n');
}

function Lines(props: {
  readonly left: RunModel;
  readonly right: RunModel;
}): JSX.Element {
  const { trans } = useRunEnvironment();
  const left = props.left.store;
  const right = props.right.store;
  const [difference, setDifference] = React.useState<Difference>({
    kind: 'loading'
  });
  React.useEffect(() => {
    let isCurrent = true;
    const take = (next: Difference): void => {
      if (isCurrent) {
        setDifference(next);
      }
    };
    if (left && right) {
      Promise.all([left.source(), right.source()])
        .then(([before, after]) =>
          take({
            kind: 'lines',
            lines: lineDiff(unfolded(before.text), unfolded(after.text))
          })
        )
        .catch((reason: unknown) =>
          take({ kind: 'problem', text: sentenceOf(reason) })
        );
    }
    return () => {
      isCurrent = false;
    };
  }, [left, right]);
  switch (difference.kind) {
    case 'loading':
      return <p className="jp-KfpEmpty">{trans.__('Loading the source…')}</p>;
    case 'problem':
      return <p className="jp-KfpEmpty">{difference.text}</p>;
    case 'lines':
      return difference.lines.every(line => line.sign === ' ') ? (
        <p className="jp-KfpEmpty">{trans.__('No line differs.')}</p>
      ) : (
        <DiffLines lines={difference.lines} isFolded={true} />
      );
  }
}
