import { InputDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { wholeSeconds, type RunHeader } from 'jupyterlab-kfp-model';

import type { GatewayClient } from '../gateway/client';
import { sentenceOf } from '../gateway/gateway-error';
import { shownName } from '../run/shown-name';
import { healthText } from '../run/words';
import type { IConnectionsStore } from './connections-store';

/** What the choice needs. */
export interface IChoiceOptions {
  readonly run: RunHeader;
  readonly connections: Pick<IConnectionsStore, 'connections' | 'remember'>;
  readonly client: Pick<GatewayClient, 'view'>;
  readonly trans: TranslationBundle;
}

/**
 * Let the reader choose the connection through which a run is read that was made elsewhere; the choice is remembered.
 *
 * @returns what is wrong with the choice; empty when nothing is, or when none was made.
 */
export async function chooseConnection(
  options: IChoiceOptions
): Promise<string> {
  const { run, connections, trans } = options;
  const names = connections.connections.map(each => each.name);
  const items = connections.connections.map(each =>
    [each.name, each.address, healthText(each.health, trans)]
      .filter(Boolean)
      .join(' · ')
  );
  const { button, value } = await InputDialog.getItem({
    title: trans.__('Read "%1" through', shownName(run.name)),
    items,
    okLabel: trans.__('Connect')
  });
  const name = names[items.indexOf(value ?? '')];
  return button.accept && name !== undefined
    ? tryConnection(name, options)
    : '';
}

/** Remember a connection for the runs of a place, if it leads to this very run. */
export async function tryConnection(
  name: string,
  options: IChoiceOptions
): Promise<string> {
  const { run, connections, client, trans } = options;
  try {
    const { view } = await client.view(
      { connection: name, run_id: run.run_id },
      'header'
    );
    // a name and an address can be the same by chance; a run of the same id from the same second is the same
    if (
      view.run.run_id !== run.run_id ||
      wholeSeconds(view.run.created_at) !== wholeSeconds(run.created_at)
    ) {
      return trans.__('"%1" has another run of this id.', name);
    }
  } catch (reason) {
    return sentenceOf(reason);
  }
  connections.remember(run.connection, name);
  return '';
}
