/** Settings of the task runner, and how variables of the gateway's environment say them. */

/** Kinds of isolation; `auto` takes the best that is there for each task. */
export type IsolationSetting = 'auto' | 'process' | 'namespace' | 'container';

export interface TaskSettings {
  /** `namespace` never uses containers, `process` neither those nor private mounts; `container` uses them for all. */
  readonly isolation?: IsolationSetting;
  /** Fork the second and later tasks of an environment from a warm process. Default: on, but on macOS. */
  readonly forkServer?: boolean;
  /** Bytes of a log that are kept; default 256 MiB. */
  readonly logCapBytes?: number;
  /** Bytes of environments that are kept; default 10 GB. */
  readonly environmentBytes?: number;
}

const KINDS: readonly string[] = ['auto', 'process', 'namespace', 'container'];

/** A variable with a value that means nothing; the message says what it may be. */
export class SettingError extends Error {}

/** Read `JUPYTERLAB_KFP_ISOLATION`, `…_FORK_SERVER` and `…_MAX_TASKS`. Throws `SettingError`. */
export function settingsOf(env: NodeJS.ProcessEnv): {
  readonly tasks: TaskSettings;
  readonly maxTasks?: number;
} {
  const isolation = env['JUPYTERLAB_KFP_ISOLATION'] ?? 'auto';
  if (!isIsolation(isolation)) {
    throw new SettingError(
      `JUPYTERLAB_KFP_ISOLATION is ${JSON.stringify(isolation)}; it may be ${KINDS.join(', ')}.`
    );
  }
  const fork = env['JUPYTERLAB_KFP_FORK_SERVER'];
  if (fork !== undefined && fork !== 'on' && fork !== 'off') {
    throw new SettingError(
      `JUPYTERLAB_KFP_FORK_SERVER is ${JSON.stringify(fork)}; it may be on or off.`
    );
  }
  const most = env['JUPYTERLAB_KFP_MAX_TASKS'];
  if (most !== undefined && !/^[1-9]\d{0,3}$/.test(most)) {
    throw new SettingError(
      `JUPYTERLAB_KFP_MAX_TASKS is ${JSON.stringify(most)}; it may be 1 to 9999.`
    );
  }
  return {
    tasks: {
      isolation,
      ...(fork === undefined ? {} : { forkServer: fork === 'on' })
    },
    ...(most === undefined ? {} : { maxTasks: Number(most) })
  };
}

function isIsolation(word: string): word is IsolationSetting {
  return KINDS.includes(word);
}
