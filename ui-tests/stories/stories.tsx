/** The story page: one state of the run view, chosen by the address, drawn from a recorded picture. */
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type {
  LinkState,
  RunAction,
  RunView as Picture
} from 'jupyterlab-kfp-model';
import * as React from 'react';
import { createRoot } from 'react-dom/client';

import { LogFollower } from '../../src/gateway/log-stream';
import { Clock } from '../../src/run/clock';
import { RunModel, type RunTab } from '../../src/run/run-model';
import type { IRunStore } from '../../src/run/run-store';
import { RunView } from '../../src/run/run-view';
import { NOW, VIEWS } from './fixtures';

const query = new URLSearchParams(location.search);
const name = query.get('story') ?? 'running';
const link = (query.get('link') ?? 'live') as LinkState;
const realNow = Date.now;
const shift = NOW - realNow();
Date.now = () => realNow() + shift;

/** A store whose run never changes and whose log is written here. */
class RecordedStore implements IRunStore {
  constructor(view: Picture) {
    this.view = view;
    this.key = { connection: 'prod', run_id: view.run.run_id };
  }
  readonly view: Picture;
  readonly key: { readonly connection: string; readonly run_id: string };
  readonly link = { state: link, since: new Date(NOW).toISOString() };
  acting: RunAction | null = null;
  readonly problem = '';
  readonly changed = new Signal<this, void>(this);
  open() {
    return {
      isDisposed: false,
      look: () => undefined,
      dispose: () => undefined
    };
  }
  refresh(): void {}
  act(action: RunAction): Promise<void> {
    this.acting = action;
    this.changed.emit();
    return Promise.resolve();
  }
  followLog(address: LogFollower['address']): LogFollower {
    const log = new LogFollower({
      id: 1,
      feedId: 1,
      address,
      onDispose: () => undefined
    });
    setTimeout(() => {
      const text =
        '\x1b[1mLoading\x1b[0m data…\nrows: 100\n' +
        '10%\r50%\r\x1b[32m100% done\x1b[0m\n' +
        Array.from(
          { length: 200 },
          (_, i) => `step ${i + 1} loss ${(1 / (i + 1)).toFixed(4)}`
        ).join('\n') +
        "\n\x1b[31mKeyError: 'label'\x1b[0m\n";
      log.append(0, text, text.length, 0);
      log.finish('finished');
    }, 20);
    return log;
  }
  readLog(): never {
    throw new Error('The recorded log is whole.');
  }
  logDownloadUrl(): string {
    return '#';
  }
  artifactInfo(): Promise<never> {
    return Promise.reject(new Error('"prod" does not answer.'));
  }
  artifact(): Promise<never> {
    return Promise.reject(new Error('"prod" does not answer.'));
  }
  artifactUrl(): string {
    return '#';
  }
  source() {
    return Promise.resolve({
      text: 'pipelineInfo:\n  name: train\n',
      digest: ''
    });
  }
}

const view = VIEWS[name];
const model = new RunModel(
  query.has('saved')
    ? {
        saved: {
          view,
          final: false,
          observedAt: new Date(NOW - 7_200_000).toISOString()
        }
      }
    : { store: new RecordedStore(view) }
);
if (!query.has('saved')) {
  model.watch(true);
}
model.choose({
  tab: (query.get('tab') ?? 'summary') as RunTab,
  task: query.get('task') ?? ''
});
const place = document.getElementById('story');
if (place) {
  place.style.width = `${query.get('width') ?? 900}px`;
  if (query.get('layout') === 'document') {
    place.style.height = '600px';
  }
  createRoot(place).render(
    <RunView
      model={model}
      environment={{
        trans: nullTranslator.load('jupyterlab_kfp'),
        clock: new Clock(),
        host: {
          openInTab: () => undefined,
          openDoctor: () => undefined,
          insertBelow: () => undefined
        },
        layout: query.get('layout') === 'document' ? 'document' : 'cell',
        trusted: true,
        rendermime: null,
        logLines: 20_000
      }}
    />
  );
}
