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

/** What the user's settings say about the magic. */
export interface IMagicSettings {
  readonly loadMagics: boolean;
  /** Rules that the checks of cells do not report. */
  readonly lintIgnore: readonly string[];
}

/** The code that registers the magic and tells it which rules stay silent (read by `jupyterlab_kfp/lint/ignored.py`). */
export function registration(lintIgnore: readonly string[]): string {
  const rules = lintIgnore.filter(rule => /^KFP\d{3}$/i.test(rule));
  return rules.length === 0
    ? REGISTER_MAGIC
    : `${REGISTER_MAGIC}\n__import__("os").environ["JUPYTERLAB_KFP_LINT_IGNORE"] = "${rules.join(' ')}"`;
}

/** Register the magic in a Python kernel. Failures are logged: the magic can still be loaded by hand. */
export async function registerMagic(
  kernel: Kernel.IKernelConnection,
  lintIgnore: readonly string[]
): Promise<void> {
  const future = kernel.requestExecute({
    code: registration(lintIgnore),
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
 * @param settings - asked each time, because they may change.
 *
 * #### Notes
 * The request must stand in the kernel's queue before the cells of "Run All" do. So it is sent at the very signal, without waiting for
 * the kernel to answer; the language comes from the kernel's specification.
 */
export function keepMagicRegistered(
  session: ISessionContext,
  settings: () => Promise<IMagicSettings>
): void {
  const register = async (): Promise<void> => {
    const kernel = session.session?.kernel;
    if (!kernel) {
      return;
    }
    const { loadMagics, lintIgnore } = await settings();
    if (!loadMagics || kernel.isDisposed) {
      return;
    }
    const known =
      session.specsManager.specs?.kernelspecs[kernel.name]?.language;
    const language = known ?? (await kernel.info).language_info.name;
    if (language === 'python' && !kernel.isDisposed) {
      await registerMagic(kernel, lintIgnore);
    }
  };
  const start = (): void => {
    register().catch((reason: unknown) => {
      // a kernel that ends or starts anew meanwhile gets its own request
      if (!session.isDisposed && session.session?.kernel) {
        console.warn('%kfp was not registered.', reason);
      }
    });
  };
  session.kernelChanged.connect((_, change) => {
    if (change.newValue) {
      start();
    }
  });
  session.statusChanged.connect((_, status) => {
    if (status === 'restarting' || status === 'autorestarting') {
      // after this signal the connection drops what is queued, and keeps what comes from then on
      void Promise.resolve().then(start);
    }
  });
  start();
}
