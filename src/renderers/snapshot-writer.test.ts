import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import {
  buildRunBundle,
  RUN_MIME_TYPE,
  type Bundle,
  type BundleRequest,
  type RunEntry,
  type RunPayload,
  type RunView
} from 'jupyterlab-kfp-model';

import { parseRunPayload } from '../payload/parse-payload';
import { RunModel } from '../run/run-model';
import type { IRunStore } from '../run/run-store';
import { sampleTask, sampleView } from '../testing/sample-view';
import type { IRendererServices } from './renderer-services';
import { savedRun } from './saved-run';
import { SnapshotWriter } from './snapshot-writer';

const going = sampleView([sampleTask({ id: 'a', state: 'RUNNING' })]);

function ended(
  state: 'SUCCEEDED' | 'FAILED',
  finished_at = '2026-11-23T12:05:00.000Z'
): RunView {
  const view = sampleView([sampleTask({ id: 'a', state })]);
  return { ...view, run: { ...view.run, state, finished_at } };
}

const bundleOf = (view: RunView): Bundle =>
  buildRunBundle({ entries: [{ view }], now: '2026-11-23T12:04:00Z' });

interface IPageOptions {
  /** What the notebook holds when it is opened. */
  readonly holds: RunView;
  readonly trusted?: boolean;
  readonly readOnly?: boolean;
  readonly writable?: boolean;
  readonly collaborative?: boolean;
  readonly executed?: boolean;
  /** Whether the gateway lets this page write. */
  readonly granted?: boolean;
  readonly saveSnapshots?: 'never';
  readonly change?: (payload: RunPayload) => object;
}

/** A notebook with one output, as far as the writer sees it. */
class Page {
  constructor(options: IPageOptions) {
    const bundle = bundleOf(options.holds);
    const payload = bundle[RUN_MIME_TYPE] as RunPayload;
    this.data = {
      ...bundle,
      [RUN_MIME_TYPE]: options.change?.(payload) ?? payload
    };
    const read = parseRunPayload(this.data[RUN_MIME_TYPE])!;
    this.model = new RunModel({ saved: savedRun(read.runs[0], read) });
    const node = document.createElement('div');
    const panel = {
      content: {
        node,
        widgets: [{ node }],
        model: {
          collaborative: options.collaborative ?? false,
          readOnly: options.readOnly ?? false
        }
      },
      context: {
        saveState: this._saveState,
        path: 'n.ipynb',
        contentsModel: { writable: options.writable ?? true }
      }
    };
    this._writer = new SnapshotWriter({
      output: { node } as never,
      services: {
        tracker: {
          find: (test: (each: unknown) => boolean) =>
            test(panel) ? panel : undefined
        },
        executed: { has: () => options.executed ?? false },
        settings: {
          current: { saveSnapshots: options.saveSnapshots ?? 'onSave' }
        },
        workbench: {
          client: {
            mayWrite: async () => {
              this.asked.push('to write');
              return options.granted ?? true;
            },
            bundle: async ({ runs }: BundleRequest) => {
              this.asked.push('for the bundle');
              this.handles.push(runs[0].handle);
              return bundleOf(this._store.view!);
            }
          }
        }
      } as unknown as IRendererServices,
      models: () => [this.model],
      model: () => ({
        data: this.data as never,
        metadata: {},
        trusted: options.trusted ?? true,
        setData: ({ data }) => {
          this.writes += 1;
          this.data = data as never;
          const now = parseRunPayload(this.data[RUN_MIME_TYPE])!;
          this.model.setSaved(savedRun(now.runs[0], now));
        }
      })
    });
    this._writer.attach();
    this.model.changed.connect(() => this._writer.onModel(this.model));
  }

  data: Record<string, unknown>;
  writes = 0;
  readonly asked: string[] = [];
  readonly handles: unknown[] = [];
  readonly model: RunModel;

  get entry(): RunEntry | undefined {
    return parseRunPayload(this.data[RUN_MIME_TYPE])?.runs[0];
  }

  get state(): string | undefined {
    return this.entry?.snapshot.state;
  }

  /** The service shows the run so. */
  async show(view: RunView): Promise<void> {
    this._store.view = view;
    if (!this.model.store) {
      this.model.setStore(this._store as unknown as IRunStore);
      this.model.watch(true);
    }
    this._store.changed.emit();
    await this.pass(0);
  }

  async pass(seconds: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(seconds * 1000);
    // the writer of snapshots is a chunk of its own
    for (let turn = 0; turn < 20; turn += 1) {
      await Promise.resolve();
    }
  }

  /** Save the notebook, as a person or the timer of JupyterLab does. */
  save(): void {
    this._saveState.emit('started');
    this._saveState.emit('completed');
  }

  private readonly _writer: SnapshotWriter;
  private readonly _saveState = new Signal<object, string>({});
  private readonly _store = {
    key: { connection: 'local', run_id: going.run.run_id },
    view: null as RunView | null,
    link: null,
    changed: new Signal<object, void>({}),
    open: () =>
      Object.assign(new DisposableDelegate(() => undefined), {
        look: () => undefined
      })
  };
}

const pages: Page[] = [];
async function open(options: IPageOptions): Promise<Page> {
  const page = new Page(options);
  pages.push(page);
  await import('./bundle-builder'); // loaded before the clock is ours
  return page;
}

describe('what is written into a notebook', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    pages.splice(0).forEach(page => page.model.dispose());
    jest.useRealTimers();
  });

  it('is the end of a run, once, at once where its cell was executed', async () => {
    const page = await open({ holds: going, executed: true });
    await page.show(going);
    await page.pass(60);
    expect(page.writes).toBe(0);
    await page.show(ended('SUCCEEDED'));
    await page.pass(0);
    expect(page.state).toBe('SUCCEEDED');
    expect(Object.keys(page.data)).toEqual([
      RUN_MIME_TYPE,
      'text/html',
      'text/plain'
    ]);
    await page.show(ended('SUCCEEDED'));
    await page.pass(60);
    page.save();
    expect(page.writes).toBe(1);
  });

  it('is the end of a run that is only watched here 10 s later, after the page that executed it', async () => {
    const page = await open({ holds: going });
    await page.show(going);
    await page.show(ended('FAILED'));
    await page.pass(9);
    expect(page.asked).toEqual([]);
    await page.pass(2);
    expect(page.state).toBe('FAILED');
  });

  it('is nothing while another page writes it, and the end with the next save', async () => {
    const page = await open({ holds: going, granted: false });
    await page.show(going);
    await page.show(ended('SUCCEEDED'));
    await page.pass(60);
    page.model.choose({ tab: 'logs' });
    await page.pass(60);
    expect(page.asked).toEqual(['to write']);
    expect(page.writes).toBe(0);
    page.save();
    page.save();
    expect(page.writes).toBe(1);
    expect(page.state).toBe('SUCCEEDED');
  });

  it('is nothing on opening a notebook whose run had ended; its end comes with the next save', async () => {
    const page = await open({ holds: going });
    await page.show(ended('SUCCEEDED'));
    await page.pass(60);
    expect(page.model.view?.run.state).toBe('SUCCEEDED');
    expect(page.writes).toBe(0);
    page.save();
    expect(page.state).toBe('SUCCEEDED');
    expect(page.writes).toBe(1);
  });

  it('is nothing, neither on opening nor on saving, for an end that the notebook holds', async () => {
    const page = await open({
      holds: ended('FAILED'),
      // as a version wrote it that knew a field more and one less
      change: payload => ({ ...payload, theme: 1, graphs: undefined })
    });
    await page.show({ ...ended('FAILED'), tasks: {}, graph: undefined });
    await page.show(ended('FAILED'));
    await page.pass(60);
    page.save();
    expect(page.writes).toBe(0);
  });

  it('is the new end of a run that was retried', async () => {
    const page = await open({ holds: ended('FAILED') });
    await page.show(ended('FAILED'));
    await page.show(going);
    page.save();
    expect(page.state).toBe('RUNNING');
    await page.show(ended('FAILED', '2026-11-23T12:30:00.000Z'));
    await page.pass(11);
    expect(JSON.stringify(page.data)).toContain('2026-11-23T12:30:00Z');
    expect(page.writes).toBe(2);
  });

  it('is the new end of a run that was retried while the notebook was closed, with the next save', async () => {
    const page = await open({ holds: ended('FAILED') });
    const header = { ...ended('SUCCEEDED'), tasks: {}, graph: undefined };
    await page.show(header);
    await page.pass(60);
    page.save();
    expect(page.writes).toBe(0); // its tasks would be those of the first end
    await page.show(ended('SUCCEEDED'));
    page.save();
    expect(page.state).toBe('SUCCEEDED');
    expect(page.writes).toBe(1);
  });

  it('is what is known of a run that goes on, with each save that finds something new', async () => {
    const page = await open({ holds: going });
    await page.show(going);
    page.save();
    expect(page.writes).toBe(0);
    await page.show(
      sampleView([sampleTask({ id: 'a', state: 'RETRYING' })], {})
    );
    page.save();
    page.save();
    expect(page.writes).toBe(1);
    expect(page.asked).toEqual([]);
  });

  it.each<[string, Partial<IPageOptions>]>([
    ['that nobody trusts', { trusted: false }],
    ['that is read-only', { readOnly: true }],
    ['whose file may not be written', { writable: false }],
    ['whose reader wants none', { saveSnapshots: 'never' }]
  ])('is nothing in a notebook %s', async (_, options) => {
    const page = await open({ holds: going, executed: true, ...options });
    await page.show(going);
    page.save();
    await page.show(ended('SUCCEEDED'));
    await page.pass(60);
    page.save();
    expect(page.writes).toBe(0);
    expect(page.asked).toEqual([]);
  });

  it('is nothing with a save of a shared notebook, and its end by one client', async () => {
    const page = await open({ holds: going, collaborative: true });
    await page.show(ended('SUCCEEDED'));
    page.save();
    expect(page.writes).toBe(0);
    await page.pass(11);
    expect(page.writes).toBe(1);
  });

  it('keeps the service as it is called in the notebook, and when the run was sent', async () => {
    const page = await open({
      holds: going,
      change: payload => ({
        ...payload,
        runs: payload.runs.map(run => ({
          ...run,
          connection: { ...run.connection, profile: 'work' },
          submitted_at: '2026-11-23T11:59:58Z',
          sdk: 'kfp 2.14.0'
        }))
      })
    });
    const handle = {
      connection: { profile: 'work', fingerprint: 'f', flavour: 'local' },
      submitted_at: '2026-11-23T11:59:58Z',
      sdk: 'kfp 2.14.0'
    };
    await page.show(sampleView([sampleTask({ id: 'a', state: 'RETRYING' })]));
    page.save();
    expect(page.writes).toBe(1);
    expect(page.entry).toMatchObject(handle);
    await page.show(ended('FAILED'));
    await page.pass(11);
    expect(page.handles).toEqual([handle]);
  });

  it('keeps what a newer version wrote', async () => {
    const page = await open({
      holds: going,
      executed: true,
      change: payload => ({ ...payload, theme: 1 })
    });
    await page.show(going);
    await page.show(ended('SUCCEEDED'));
    await page.pass(1);
    expect(page.data[RUN_MIME_TYPE]).toMatchObject({ theme: 1 });
    expect(page.state).toBe('SUCCEEDED');
  });
});
