import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel } from '@jupyterlab/services';

/**
 * One expression that registers `%kfp` lazily and leaves no name behind.
 *
 * #### Notes
 * It does nothing without the package, and nothing when `kfp` is registered already: a second lazy registration over a loaded magic would
 * lose it (IPython 9).
 */
export const REGISTER_MAGIC =
  '__import__("importlib.util", fromlist=["_"]).find_spec("jupyterlab_kfp")' +
  ' and "kfp" not in get_ipython().magics_manager.lsmagic()["line"]' +
  ' and get_ipython().magics_manager.register_lazy("kfp", "jupyterlab_kfp")';

/** Register the magic in a kernel, if it speaks Python. Failures are logged: the magic can still be loaded by hand. */
export async function registerMagic(
  kernel: Kernel.IKernelConnection
): Promise<void> {
  const info = await kernel.info;
  if (info.language_info.name !== 'python' || kernel.isDisposed) {
    return;
  }
  const future = kernel.requestExecute({
    code: REGISTER_MAGIC,
    silent: true,
    store_history: false,
    stop_on_error: false,
    allow_stdin: false
  });
  const reply = await future.done;
  if (reply.content.status === 'error') {
    console.warn(`%kfp could not be registered: ${reply.content.evalue}`);
  }
}

/**
 * Register the magic whenever a session gets a kernel or its kernel starts anew.
 *
 * @param isWanted - asked each time, because the setting may change.
 */
export function keepMagicRegistered(
  session: ISessionContext,
  isWanted: () => Promise<boolean>
): void {
  let isRestarting = false;
  const register = (): void => {
    const kernel = session.session?.kernel;
    if (!kernel) {
      return;
    }
    isWanted()
      .then(wanted =>
        wanted && !kernel.isDisposed ? registerMagic(kernel) : undefined
      )
      .catch((reason: unknown) => {
        console.warn('%kfp could not be registered.', reason);
      });
  };
  session.kernelChanged.connect((_, change) => {
    if (change.newValue) {
      register();
    }
  });
  session.statusChanged.connect((_, status) => {
    if (status === 'restarting' || status === 'autorestarting') {
      isRestarting = true;
    } else if (isRestarting && (status === 'idle' || status === 'starting')) {
      isRestarting = false;
      register();
    }
  });
  register();
}
