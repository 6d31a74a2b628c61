import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import type { ILink } from '../gateway/feed';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { linkText } from './words';

/** The chip that says how fresh the picture is, and beside it the way on where there is one. A click on the chip takes it, too. */
export function LinkChip(props: {
  readonly model: RunModel;
}): JSX.Element | null {
  const { model } = props;
  const { trans } = useRunEnvironment();
  const way = useWayOn(model);
  const { view } = model;
  const link =
    model.link && (!model.isFinal || isToldAfterEnd(model.link))
      ? model.link
      : null;
  const connection = view?.run.connection.profile ?? '';
  const why = link && (link.message ?? explanation(link, connection, trans));
  React.useEffect(
    () => () => {
      // what was explained is over
      if (why && model.notice === why) {
        model.notice = '';
      }
    },
    [model, why]
  );
  if (!link || !view) {
    return null;
  }
  const classes = `jp-KfpLink jp-mod-${link.state}`;
  const content = (
    <>
      <span className="jp-KfpLink-dot" aria-hidden="true" />
      <span className="jp-KfpLink-text">
        {linkText(link.state, link.since, connection, trans)}
      </span>
    </>
  );
  const explain = (): void => {
    model.notice = model.notice === why ? '' : (why ?? '');
  };
  return (
    <span className={`jp-KfpRun-fresh jp-mod-${link.state}`}>
      {why ? (
        <button
          type="button"
          className={classes}
          title={why}
          onClick={() => {
            if (!way?.isEnough) {
              explain();
            }
            if (way && link.state !== 'not-found') {
              way.go();
            }
          }}
        >
          {content}
        </button>
      ) : (
        <span className={classes}>{content}</span>
      )}
      {way && (
        <button type="button" className="jp-KfpButton" onClick={() => way.go()}>
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
interface IWayOn {
  readonly verb: string;
  readonly go: () => void;
  /** Whether it leads to something that says more than the chip could. */
  readonly isEnough: boolean;
}

function useWayOn(model: RunModel): IWayOn | null {
  const { trans, host } = useRunEnvironment();
  const { link, store, view } = model;
  const { commands } = host;
  const connection = view ? model.keyOf(view).connection : '';
  const way = (
    verb: string,
    go: (() => void) | false | undefined | null,
    isEnough: boolean
  ): IWayOn | null => (go ? { verb, go, isEnough } : null);
  const refresh = store && (() => store.refresh());
  switch (link?.state) {
    case 'stale':
    case 'not-found':
      return way(trans.__('Ask again'), refresh, false);
    case 'offline':
      return way(trans.__('Reconnect'), refresh, false);
    case 'snapshot':
      return way(
        trans.__('Connect'),
        store ? () => model.reattach() : host.connect,
        true
      );
    case 'sign-in': {
      // the Jupyter Server comes first: without it no service is reached
      const args = link.code === 'server-sign-in' ? {} : { connection };
      return way(
        trans.__('Sign in'),
        commands?.hasCommand(CommandIDs.signIn) &&
          (() => {
            void commands
              .execute(CommandIDs.signIn, args)
              .then(isAskedAgain => {
                if (isAskedAgain === true) {
                  refresh?.();
                }
              });
          }),
        link.code !== 'server-sign-in'
      );
    }
    case 'no-access':
      return way(
        trans.__('Open doctor'),
        commands?.hasCommand(CommandIDs.openDoctor) &&
          (() => {
            void commands.execute(CommandIDs.openDoctor, { connection });
          }),
        true
      );
    case 'unknown-connection': {
      const { chooseConnection } = host;
      return way(
        trans.__('Choose connection'),
        chooseConnection && (() => chooseConnection(model)),
        true
      );
    }
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
