import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { RunKey } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';

/** Runs that can be compared at once. */
const MOST = 10;

/** What can be done with the chosen runs of the list. */
export function SelectionBar(props: {
  readonly keys: readonly RunKey[];
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  readonly onClear: () => void;
}): JSX.Element | null {
  const { keys, commands, trans, onClear } = props;
  return keys.length === 0 ? null : (
    <div
      className="jp-KfpSelection"
      role="toolbar"
      aria-label={trans.__('Chosen runs')}
    >
      <span role="status">
        {trans._n('%1 run chosen', '%1 runs chosen', keys.length)}
      </span>
      <button
        type="button"
        className="jp-KfpButton"
        disabled={keys.length < 2 || keys.length > MOST}
        title={trans.__('Compare two to %1 runs', MOST)}
        onClick={() => {
          void commands.execute(CommandIDs.compareRuns, {
            runs: keys.map(key => ({ ...key }))
          });
        }}
      >
        {trans.__('Compare')}
      </button>
      <button type="button" className="jp-KfpButton" onClick={onClear}>
        {trans.__('Clear')}
      </button>
    </div>
  );
}
