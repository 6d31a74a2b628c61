import type { ISessionContext } from '@jupyterlab/apputils';
import { Signal } from '@lumino/signaling';

import {
  keepMagicRegistered,
  REGISTER_MAGIC,
  registration,
  type IMagicSettings
} from './magic-registration';

/** A session as far as registration looks at it; requests are written down. */
function sessionOf(language: string | undefined): {
  readonly session: ISessionContext;
  readonly sent: string[];
  status(status: string): void;
} {
  const sent: string[] = [];
  const kernel = {
    name: 'a-kernel',
    isDisposed: false,
    info: Promise.resolve({ language_info: { name: 'R' } }),
    requestExecute: ({ code }: { code: string }) => {
      sent.push(code);
      return { done: Promise.resolve({ content: { status: 'ok' } }) };
    }
  };
  const owner = {};
  const kernelChanged = new Signal<object, unknown>(owner);
  const statusChanged = new Signal<object, string>(owner);
  const session = {
    session: { kernel },
    specsManager: {
      specs: {
        kernelspecs: language === undefined ? {} : { 'a-kernel': { language } }
      }
    },
    kernelChanged,
    statusChanged,
    isDisposed: false
  } as unknown as ISessionContext;
  return { session, sent, status: status => statusChanged.emit(status) };
}

const on = (): Promise<IMagicSettings> =>
  Promise.resolve({ loadMagics: true, lintIgnore: [] });

const settled = (): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, 0));

describe('keepMagicRegistered', () => {
  it('registers in a Python kernel before anything else can be sent', async () => {
    const { session, sent } = sessionOf('python');
    keepMagicRegistered(session, on);
    await settled();
    expect(sent).toEqual([REGISTER_MAGIC]);
  });

  it('registers again after each restart', async () => {
    const { session, sent, status } = sessionOf('python');
    keepMagicRegistered(session, on);
    await settled();
    status('restarting');
    expect(sent).toHaveLength(1);
    await settled();
    status('autorestarting');
    await settled();
    expect(sent).toHaveLength(3);
  });

  it('leaves kernels of other languages alone', async () => {
    for (const language of ['R', undefined]) {
      const { session, sent } = sessionOf(language);
      keepMagicRegistered(session, on);
      await settled();
      expect(sent).toEqual([]);
    }
  });

  it('does nothing where the setting is off', async () => {
    const { session, sent } = sessionOf('python');
    keepMagicRegistered(session, () =>
      Promise.resolve({ loadMagics: false, lintIgnore: [] })
    );
    await settled();
    expect(sent).toEqual([]);
  });

  it('tells the kernel which rules stay silent, and nothing else', () => {
    expect(registration(['KFP302', '"; import os', 'kfp401'])).toBe(
      `${REGISTER_MAGIC}\n__import__("os").environ["JUPYTERLAB_KFP_LINT_IGNORE"] = "KFP302 kfp401"`
    );
    expect(registration([])).toBe(REGISTER_MAGIC);
  });
});
