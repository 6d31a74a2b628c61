/** Settings of the task runner, and how variables of the gateway's environment say them. */

/** Kinds of isolation; `auto` takes the best that is there for each task. */
export type IsolationSetting = 'auto' | 'process' | 'namespace' | 'container';

export interface TaskSettings {
  /** `namespace` never uses containers, `process` neither those nor private mounts; `container` uses them for all. */
  readonly isolation?: IsolationSetting;
  /** Fork the second and later tasks of an environment from a warm process. Default: on, but on macOS. */
  readonly forkServer?: boolean;
  /** Show tasks the packages of the Python that runs them. Default: no. */
  readonly sitePackages?: boolean;
  /** Install the very KFP runtime that a component was compiled with, instead of a copy of the one at hand. Default: no. */
  readonly exactRuntime?: boolean;
  /** Bytes of a log that are kept; default 256 MiB. */
  readonly logCapBytes?: number;
  /** Bytes of environments that are kept; default 10 GB. */
  readonly environmentBytes?: number;
}

const KINDS: readonly string[] = ['auto', 'process', 'namespace', 'container'];

/** A variable with a value that means nothing; the message says what it may be. */
export class SettingError extends Error {}

/** Read the variables `JUPYTERLAB_KFP_…` that docs/running-locally.md lists. Throws `SettingError`. */
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
  const fork = choice(env, 'JUPYTERLAB_KFP_FORK_SERVER', ['on', 'off']);
  const site = choice(env, 'JUPYTERLAB_KFP_SITE_PACKAGES', ['on', 'off']);
  const runtime = choice(env, 'JUPYTERLAB_KFP_RUNTIME', ['copy', 'exact']);
  const most = env['JUPYTERLAB_KFP_MAX_TASKS'];
  if (most !== undefined && !/^[1-9]\d{0,3}$/.test(most)) {
    throw new SettingError(
      `JUPYTERLAB_KFP_MAX_TASKS is ${JSON.stringify(most)}; it may be 1 to 9999.`
    );
  }
  return {
    tasks: {
      isolation,
      ...(fork === undefined ? {} : { forkServer: fork === 'on' }),
      ...(site === undefined ? {} : { sitePackages: site === 'on' }),
      ...(runtime === undefined ? {} : { exactRuntime: runtime === 'exact' })
    },
    ...(most === undefined ? {} : { maxTasks: Number(most) })
  };
}

/** The word that a variable says; `undefined` when it is not set. */
function choice(
  env: NodeJS.ProcessEnv,
  name: string,
  words: readonly string[]
): string | undefined {
  const value = env[name];
  if (value !== undefined && !words.includes(value)) {
    throw new SettingError(
      `${name} is ${JSON.stringify(value)}; it may be ${words.join(' or ')}.`
    );
  }
  return value;
}

function isIsolation(word: string): word is IsolationSetting {
  return KINDS.includes(word);
}
