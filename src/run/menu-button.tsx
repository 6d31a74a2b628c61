import * as React from 'react';

import { useRunEnvironment } from './environment';

/** The button behind which everything stands that has no button of its own. */
export function MenuButton(props: {
  /** Opens the menu below the button. */
  readonly onOpen: (anchor: HTMLElement) => void;
}): JSX.Element {
  const { trans } = useRunEnvironment();
  return (
    <button
      type="button"
      className="jp-KfpButton jp-mod-icon"
      aria-haspopup="menu"
      aria-label={trans.__('More actions')}
      title={trans.__('More actions')}
      onClick={event => props.onOpen(event.currentTarget)}
    >
      <span aria-hidden="true">⋯</span>
    </button>
  );
}
