import { isFinalRunState, type RunHeader } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { StateIcon } from '../icons/state-icon';
import type { IPinnedRun } from '../pins/pinned-runs';
import { runStateWord } from '../run/words';
import { moveFocus, type IRunSectionProps } from './run-section';
import { Section } from './section';
import { shownName } from '../run/shown-name';

/** The runs of this connection that the user pinned, above all others. */
export function PinnedSection(props: IRunSectionProps): JSX.Element | null {
  const { pins, connection, trans } = props;
  const [, setVersion] = React.useState(0);
  React.useEffect(() => {
    const onChanged = (): void => setVersion(known => known + 1);
    pins.changed.connect(onChanged);
    return () => {
      pins.changed.disconnect(onChanged);
    };
  }, [pins]);
  const pinned = pins.runs.filter(run => run.connection === connection.name);
  return pinned.length === 0 ? null : (
    <Section title={trans.__('Pinned')}>
      <ul className="jp-KfpRows" onKeyDown={moveFocus}>
        {pinned.map(run => (
          <PinnedRow key={run.run_id} {...props} run={run} />
        ))}
      </ul>
    </Section>
  );
}

function PinnedRow(
  props: IRunSectionProps & { readonly run: IPinnedRun }
): JSX.Element {
  const { commands, pins, trans, run } = props;
  const { header, isGone } = useHeader(props);
  const name = shownName(header?.name ?? run.name);
  const word = header
    ? runStateWord(header.state, header.state_raw, trans)
    : isGone
      ? trans.__('Run not found')
      : '';
  return (
    <li className="jp-KfpRows-pinned">
      <button
        type="button"
        className="jp-KfpRows-row"
        title={[name, word, run.run_id].filter(Boolean).join('\n')}
        onClick={() => {
          void commands.execute(CommandIDs.openRun, {
            connection: run.connection,
            run_id: run.run_id
          });
        }}
      >
        <StateIcon sign={header?.state ?? 'UNKNOWN'} />
        <span className="jp-KfpRows-name">
          <bdi>{name}</bdi>
        </span>
        <span className="jp-KfpRows-state">{word}</span>
      </button>
      <button
        type="button"
        className="jp-KfpButton jp-mod-icon"
        aria-label={trans.__('Unpin %1', name)}
        title={trans.__('Unpin')}
        onClick={() => pins.toggle(run)}
      >
        <span aria-hidden="true">×</span>
      </button>
    </li>
  );
}

/** What is known of a pinned run: from the list where it stands there, else it is looked at. */
function useHeader(props: IRunSectionProps & { readonly run: IPinnedRun }): {
  readonly header: Pick<RunHeader, 'name' | 'state' | 'state_raw'> | null;
  readonly isGone: boolean;
} {
  const { lists, stores, run } = props;
  const listed = lists.runs.find(each => each.run_id === run.run_id);
  const isListed = listed !== undefined;
  const store = stores.get(run);
  const [, setVersion] = React.useState(0);
  React.useEffect(() => {
    const known = store.view?.run.state;
    if (isListed || (known && isFinalRunState(known))) {
      return;
    }
    const onChanged = (): void => setVersion(version => version + 1);
    store.changed.connect(onChanged);
    const viewer = store.open(false, 'header');
    return () => {
      store.changed.disconnect(onChanged);
      viewer.dispose();
    };
  }, [store, isListed]);
  return {
    header: listed ?? store.view?.run ?? null,
    isGone: store.link?.state === 'not-found'
  };
}
