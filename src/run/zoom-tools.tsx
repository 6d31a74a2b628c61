import * as React from 'react';

import { useRunEnvironment } from './environment';

/** Closer, farther, all: the buttons in the corner of a picture. */
export function ZoomTools(props: {
  readonly onCloser: () => void;
  readonly onFarther: () => void;
  readonly onAll: () => void;
}): JSX.Element {
  const { trans } = useRunEnvironment();
  const tools: readonly (readonly [string, string, () => void])[] = [
    ['+', trans.__('Closer'), props.onCloser],
    ['−', trans.__('Farther'), props.onFarther],
    ['⤢', trans.__('Show all'), props.onAll]
  ];
  return (
    <div className="jp-KfpZoom">
      {tools.map(([sign, name, go]) => (
        <button
          key={name}
          type="button"
          className="jp-KfpButton jp-mod-icon"
          title={name}
          aria-label={name}
          onClick={go}
        >
          <span aria-hidden="true">{sign}</span>
        </button>
      ))}
    </div>
  );
}
