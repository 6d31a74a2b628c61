import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import { act } from 'react';
import { createRoot } from 'react-dom/client';

import type { INotebookEntry } from './notebook-entries';
import { NotebookSection } from './notebook-section';

const RUN = '5f0c1a9e-6c1f-4c55-9d4e-0b8a4f3f2c11';

const entry = {
  kind: 'run',
  name: 'train-1',
  cell: {},
  drift: 'same',
  trusted: true,
  run: {
    run_id: RUN,
    name: 'train-1',
    connection: { profile: 'prod', fingerprint: 'f', flavour: 'kfp2' },
    snapshot: { final: true, state: 'SUCCEEDED', counts: {} }
  }
} as unknown as INotebookEntry;

/** Press the button of a row where the notebook's service is reached through `resolved`; gives the commands that were executed. */
async function pressed(resolved: string | null): Promise<unknown[]> {
  const executed: unknown[] = [];
  const place = document.createElement('div');
  const root = createRoot(place);
  const parts = {
    trans: nullTranslator.load(''),
    notebook: { entries: [entry], changed: new Signal({}) },
    lists: { runs: [] },
    stores: { get: () => ({ view: null }) },
    connections: {
      isKnown: true,
      changed: new Signal({}),
      open: () => undefined,
      resolve: () => resolved
    },
    commands: {
      execute: (_: string, args: unknown) => {
        executed.push(args);
        return Promise.resolve();
      }
    }
  } as unknown as React.ComponentProps<typeof NotebookSection>;
  act(() => root.render(<NotebookSection {...parts} />));
  await act(async () => {
    place
      .querySelector<HTMLElement>('button[aria-label="Open train-1 in a tab"]')!
      .click();
  });
  act(() => root.unmount());
  return executed;
}

beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
});
afterEach(() => Notification.dismiss());

it('opens a run on the service that its notebook means, whatever that is called here', async () => {
  expect(await pressed('here')).toEqual([{ connection: 'here', run_id: RUN }]);
});

it('never opens a run on another service of the same name, and says why', async () => {
  expect(await pressed(null)).toEqual([]);
  expect(Notification.manager.notifications[0]?.message).toContain(
    'no connection of that name leads to the same service'
  );
});
