/** Where the gateway keeps things: below Jupyter's own folders, so that Jupyter's variables move them. */
import { mkdirSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

export interface Folders {
  /** Database, runs, environments, log of the gateway. */
  readonly data: string;
  /** Connections, secrets, config maps. */
  readonly config: string;
  /** Address file and lock. */
  readonly runtime: string;
}

/** Work out the folders as `jupyter_core.paths` does, and make them private. */
export function findFolders(
  env: NodeJS.ProcessEnv,
  flags: Partial<Folders> = {}
): Folders {
  const home = homedir();
  const data = flags.data ?? join(jupyterData(env, home), 'jupyterlab-kfp');
  const config =
    flags.config ??
    join(env['JUPYTER_CONFIG_DIR'] ?? join(home, '.jupyter'), 'jupyterlab-kfp');
  const runtime =
    flags.runtime ??
    env['JUPYTER_RUNTIME_DIR'] ??
    join(jupyterData(env, home), 'runtime');
  for (const folder of [data, config, runtime]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return { data, config, runtime };
}

function jupyterData(env: NodeJS.ProcessEnv, home: string): string {
  if (env['JUPYTER_DATA_DIR']) {
    return env['JUPYTER_DATA_DIR'];
  }
  if (platform() === 'darwin') {
    return join(home, 'Library', 'Jupyter');
  }
  if (platform() === 'win32') {
    return join(env['APPDATA'] ?? home, 'jupyter');
  }
  return join(env['XDG_DATA_HOME'] ?? join(home, '.local', 'share'), 'jupyter');
}
