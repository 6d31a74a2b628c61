/** The live side of a run that was recorded: it changes only when a story says so. */
import { Signal } from '@lumino/signaling';
import {
  applyMerge,
  type ArtifactInfo,
  type LinkState,
  type LogChunk,
  type LogTimes,
  type MergePatch,
  type RunAction,
  type RunView,
  type VolumeFolder
} from 'jupyterlab-kfp-model';

import { LogFollower } from '../../src/gateway/log-stream';
import type { IRunStore } from '../../src/run/run-store';
import { SOURCE } from './source';

/** What a service says that lets nobody read. */
export const REFUSAL = 'team-a is not yours to read.';
/** Where volumes are, in a story. */
export const FOLDERS: readonly VolumeFolder[] = [
  { name: 'createpvc.name', folder: '/home/me/kfp/volumes/createpvc.name' }
];
/** What every task wrote. */
export const LOG =
  '\x1b[1mLoading\x1b[0m data…\nrows: 100\n' +
  '10%\r50%\r\x1b[32m100% done\x1b[0m\n' +
  Array.from(
    { length: 200 },
    (_, i) => `step ${i + 1} loss ${(1 / (i + 1)).toFixed(4)}`
  ).join('\n') +
  "\nTraceback (most recent call last):\n\x1b[31mKeyError: 'label'\x1b[0m\n";

/** A store whose run is what was recorded. */
export class RecordedStore implements IRunStore {
  constructor(view: RunView, link: LinkState, since: string) {
    this._view = view;
    this.key = {
      connection: view.run.connection.profile,
      run_id: view.run.run_id
    };
    this.link = {
      state: link,
      since,
      ...(link === 'no-access' ? { message: REFUSAL } : {})
    };
  }

  readonly key: IRunStore['key'];
  link: NonNullable<IRunStore['link']>;
  readonly problem = '';
  readonly changed = new Signal<this, void>(this);
  acting: RunAction | null = null;
  /** How often the service was to be asked. */
  asked = 0;

  get view(): RunView {
    return this._view;
  }

  /** Change the run as the gateway would. */
  patch(merge: MergePatch): void {
    this._view = applyMerge(this._view, merge);
    this.acting = null; // its effect is seen
    this.changed.emit();
  }

  /** Let the link become another one, as of now. */
  setLink(state: LinkState): void {
    this.link = { state, since: new Date().toISOString() };
    this.changed.emit();
  }

  open(): ReturnType<IRunStore['open']> {
    return {
      isDisposed: false,
      look: () => undefined,
      dispose: () => undefined
    };
  }

  refresh(): void {
    this.asked += 1;
  }

  act(action: RunAction): Promise<void> {
    this.acting = action;
    this.changed.emit();
    return Promise.resolve();
  }

  rerunUncached(): Promise<null> {
    return this.act('rerun').then(() => null);
  }

  followLog(address: LogFollower['address']): LogFollower {
    const log = new LogFollower({
      id: 1,
      feedId: 1,
      address,
      onDispose: () => undefined
    });
    setTimeout(() => {
      log.append(0, LOG, LOG.length, 0);
      log.finish('finished');
    }, 20);
    return log;
  }

  readLog(): Promise<LogChunk> {
    return Promise.reject(new Error('The recorded log is whole.'));
  }

  logTimes(): Promise<LogTimes> {
    const start = Date.parse(this._view.run.created_at);
    return Promise.resolve({
      times: [0, 20, 40, 900, 2600].map(
        (offset, i) => [offset, start + i * 47_000] as const
      )
    });
  }

  logDownloadUrl(): string {
    return '#';
  }

  value(): Promise<string> {
    return Promise.resolve('"the whole value"');
  }

  valueUrl(): string {
    return '#';
  }

  artifactInfo(id: string): Promise<ArtifactInfo> {
    return id.startsWith('report')
      ? Promise.resolve({
          artifact_id: id,
          name: 'report',
          type: 'system.Markdown',
          uri: '',
          media_type: 'text/markdown',
          is_folder: false,
          metadata: '{}'
        })
      : Promise.reject(new Error('"prod" does not answer.'));
  }

  artifact(id: string): Promise<Blob> {
    return id.startsWith('report')
      ? Promise.resolve(new Blob([`# Report\n\nWritten by ${id}.\n`]))
      : Promise.reject(new Error('"prod" does not answer.'));
  }

  artifactUrl(): string {
    return '#';
  }

  volumeFolders(): Promise<readonly VolumeFolder[]> {
    return Promise.resolve(FOLDERS);
  }

  source(): Promise<{ text: string; digest: string }> {
    return Promise.resolve({ text: SOURCE, digest: '' });
  }

  private _view: RunView;
}
