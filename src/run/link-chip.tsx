import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { ILink } from '../gateway/feed';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { linkText } from './words';

/** The chip that says how fresh the picture is, and beside it the way on where there is one. */
export function LinkChip(props: {
  readonly model: RunModel;
}): JSX.Element | null {
  const { model } = props;
  const { trans } = useRunEnvironment();
  const way = useWayOn(model);
  const { link, view } = model;
  if (!link || !view || (model.isFinal && !isToldAfterEnd(link))) {
    return null;
  }
  const connection = view.run.connection.profile;
  const text = linkText(link.state, link.since, connection, trans);
  const why = link.message ?? explanation(link, connection, trans);
  const classes = `jp-KfpLink jp-mod-${link.state}`;
  const content = (
    <>
      <span className="jp-KfpLink-dot" aria-hidden="true" />
      <span className="jp-KfpLink-text">{text}</span>
    </>
  );
  return (
    <span className={`jp-KfpRun-fresh jp-mod-${link.state}`}>
      {why ? (
        <button
          type="button"
          className={classes}
          title={why}
          onClick={() => {
            model.notice = model.notice === why ? '' : why;
          }}
        >
          {content}
        </button>
      ) : (
        <span className={classes}>{content}</span>
      )}
      {way && (
        <button type="button" className="jp-KfpButton" onClick={way.go}>
          {way.verb}
        </button>
      )}
    </span>
  );
}

/** Whether it is said of a run that has ended too: its picture is only what a document says, or all that is left. */
function isToldAfterEnd(link: ILink): boolean {
  return link.state === 'not-found' || link.state === 'snapshot';
}

/** What can be done about the picture not being live. */
function useWayOn(
  model: RunModel
): { readonly verb: string; readonly go: () => void } | null {
  const { trans, host } = useRunEnvironment();
  const { link, store, view } = model;
  const way = (verb: string, go: (() => void) | undefined | null) =>
    go ? { verb, go } : null;
  const refresh = store && (() => store.refresh());
  const connection = view?.run.connection.profile ?? '';
  switch (link?.state) {
    case 'stale':
    case 'not-found':
      return way(trans.__('Ask again'), refresh);
    case 'offline':
      return way(trans.__('Reconnect'), refresh);
    case 'snapshot':
      return way(
        trans.__('Connect'),
        store ? () => model.reattach() : host.connect
      );
    case 'sign-in':
    case 'no-access':
      if (link.code === 'server-sign-in') {
        return way(trans.__('Ask again'), refresh);
      }
      return way(
        trans.__('Open doctor'),
        host.openDoctor && (() => host.openDoctor?.(connection))
      );
    case 'unknown-connection':
      return way(trans.__('Choose connection'), host.chooseConnection);
    case 'live':
    case 'polling':
    case undefined:
      return null;
  }
}

function explanation(
  link: ILink,
  connection: string,
  trans: TranslationBundle
): string {
  switch (link.state) {
    case 'live':
      return '';
    case 'polling':
      return trans.__(
        'The page could not open a WebSocket, so it asks every 5 seconds. A proxy between browser and server may block WebSockets.'
      );
    case 'stale':
      return trans.__(
        '"%1" does not answer. The picture is the last one that came.',
        connection
      );
    case 'offline':
      return trans.__(
        'The gateway or the Jupyter server cannot be reached. The run itself goes on.'
      );
    case 'sign-in':
      return trans.__('"%1" refused the credentials.', connection);
    case 'no-access':
      return trans.__('"%1" does not let you read this run.', connection);
    case 'not-found':
      return trans.__(
        '"%1" does not know this run: it was deleted, or another service answers there. The picture is the last one that came.',
        connection
      );
    case 'unknown-connection':
      return trans.__(
        'The run was made on "%1", and no connection of that name leads to the same service.',
        connection
      );
    case 'snapshot':
      return trans.__(
        'This is what the notebook holds. Nothing was asked of the service.'
      );
  }
}
