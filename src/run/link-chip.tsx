import * as React from 'react';

import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { linkText } from './words';

/** The chip that says how fresh the picture is; where there is a way on, it is a button. */
export function LinkChip(props: {
  readonly model: RunModel;
}): JSX.Element | null {
  const { model } = props;
  const { trans, host } = useRunEnvironment();
  const { link, view } = model;
  if (!link || !view || (model.isFinal && link.state !== 'not-found')) {
    return null;
  }
  const connection = view.run.connection.profile;
  const text = linkText(link.state, link.since, connection, trans);
  const title = link.message ?? '';
  const { store } = model;

  let act: (() => void) | null = null;
  let verb = '';
  switch (link.state) {
    case 'stale':
    case 'not-found':
      act = store ? () => store.refresh() : null;
      verb = trans.__('Ask again');
      break;
    case 'offline':
      act = store ? () => store.refresh() : null;
      verb = trans.__('Reconnect');
      break;
    case 'snapshot':
      act = store ? () => model.reattach() : null;
      verb = trans.__('Connect');
      break;
    case 'sign-in':
    case 'no-access':
      act = host.openDoctor ? () => host.openDoctor?.(connection) : null;
      verb = trans.__('Open doctor');
      break;
    case 'unknown-connection':
      act = host.chooseConnection ?? null;
      verb = trans.__('Choose connection');
      break;
    case 'live':
    case 'polling':
      break;
  }
  return (
    <>
      <span className={`jp-KfpLink jp-mod-${link.state}`} title={title}>
        <span className="jp-KfpLink-dot" aria-hidden="true" />
        {text}
      </span>
      {act && (
        <button type="button" className="jp-KfpButton" onClick={act}>
          {verb}
        </button>
      )}
    </>
  );
}
