import * as React from 'react';

import { useRunEnvironment } from './environment';

/** What every key does. */
export function KeyList(props: { readonly onClose: () => void }): JSX.Element {
  const { trans } = useRunEnvironment();
  const keys: readonly (readonly [string, string])[] = [
    ['G T M L R I', trans.__('Graph, Tasks, Timeline, Logs, Results, Inputs')],
    [
      trans.__('Arrows'),
      trans.__('From tab to tab, row to row, task to task along the graph')
    ],
    [
      trans.__('Enter, Space'),
      trans.__('Details; Space folds a group of the graph')
    ],
    ['X', trans.__('First failure')],
    ['F', trans.__('Follow the log')],
    ['/', trans.__('Filter or search')],
    ['+ - 0', trans.__('Closer, farther, show all')],
    [trans.__('Shift and arrows'), trans.__('Move the graph')],
    ['S', trans.__('Stop the run; asks first')],
    ['O', trans.__('Open in a tab')],
    ['Esc', trans.__('Close the details, then back to the cell')]
  ];
  return (
    <section className="jp-KfpKeys" aria-label={trans.__('Keys')}>
      <dl className="jp-KfpFacts">
        {keys.map(([key, text]) => (
          <div key={key} className="jp-KfpFacts-fact">
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="jp-KfpButton" onClick={props.onClose}>
        {trans.__('Close')}
      </button>
    </section>
  );
}
