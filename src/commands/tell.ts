import { Notification } from '@jupyterlab/apputils';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { sentenceOf } from '../gateway/gateway-error';

/** What was told already: a failure may pass through several hands. */
const told = new WeakSet<object>();

/** Tell the reader once that something failed. */
export function tellFailure(reason: unknown): void {
  if (typeof reason === 'object' && reason !== null) {
    if (told.has(reason)) {
      return;
    }
    told.add(reason);
  }
  Notification.error(sentenceOf(reason), { autoClose: false });
}

/** The function of a command that tells its reader when it fails: the palette and the menus of the application tell nobody. */
export function telling<T>(
  execute: (args: ReadonlyPartialJSONObject) => Promise<T>
): (args: ReadonlyPartialJSONObject) => Promise<T> {
  return async args => {
    try {
      return await execute(args);
    } catch (reason) {
      tellFailure(reason);
      throw reason;
    }
  };
}

/** Carry out a command for somebody who does not wait for its end. */
export function perform(
  commands: Pick<CommandRegistry, 'execute'>,
  command: string,
  args: ReadonlyPartialJSONObject
): void {
  commands.execute(command, args).catch(tellFailure);
}
