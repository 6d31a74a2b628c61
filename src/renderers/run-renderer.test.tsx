import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { RUN_MIME_TYPE } from 'jupyterlab-kfp-model';

import { Clock } from '../run/clock';
import { PAYLOAD } from '../testing/payloads';
import { sampleView } from '../testing/sample-view';
import { DEFAULT_SETTINGS } from '../tokens';
import type { IRendererServices } from './renderer-services';
import { RunRenderer } from './run-renderer';

/** An output with a run that goes on, and what it asks of the run's store. */
async function output(): Promise<{ widget: RunRenderer; asked: string[] }> {
  const asked: string[] = [];
  const store = {
    key: { connection: 'local', run_id: PAYLOAD.runs[0].run_id },
    view: sampleView([]),
    link: null,
    changed: new Signal({}),
    open: (visible: boolean) => {
      asked.push(`open ${visible}`);
      return {
        isDisposed: false,
        look: (isVisible: boolean) => asked.push(`look ${isVisible}`),
        dispose: () => asked.push('close')
      };
    }
  };
  const services = {
    workbench: {
      connections: { resolve: () => 'local', changed: new Signal({}) },
      runs: { get: () => store },
      clock: new Clock()
    },
    settings: { current: DEFAULT_SETTINGS },
    trans: nullTranslator.load('jupyterlab_kfp'),
    commands: new CommandRegistry(),
    heights: { get: () => 0, set: () => undefined },
    rendermime: null,
    tracker: null,
    baseUrl: 'http://host/'
  };
  const widget = new RunRenderer(services as unknown as IRendererServices);
  const run = {
    ...PAYLOAD.runs[0],
    snapshot: { final: false, state: 'RUNNING', counts: { RUNNING: 1 } }
  };
  await widget.renderModel({
    trusted: true,
    data: { [RUN_MIME_TYPE]: { ...PAYLOAD, runs: [run] } },
    metadata: {},
    setData: () => undefined
  });
  return { widget, asked };
}

describe('an output in a notebook', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('asks for nothing before it is attached, and lets go 5 s after it was detached', async () => {
    const { widget, asked } = await output();
    expect(asked).toEqual([]);
    Widget.attach(widget, document.body);
    expect(asked).toEqual(['open false']);
    Widget.detach(widget);
    jest.advanceTimersByTime(4999);
    expect(asked).not.toContain('close');
    jest.advanceTimersByTime(1);
    expect(asked.pop()).toBe('close');
    widget.dispose();
  });

  it('goes on where it was when it is back sooner, and may be thrown away at any time', async () => {
    const { widget, asked } = await output();
    Widget.attach(widget, document.body);
    Widget.detach(widget);
    jest.advanceTimersByTime(4000);
    Widget.attach(widget, document.body);
    jest.advanceTimersByTime(60_000);
    expect(asked.filter(each => !each.startsWith('look'))).toEqual([
      'open false'
    ]);
    widget.dispose();
    expect(asked.pop()).toBe('close');
    jest.advanceTimersByTime(60_000);
  });
});
