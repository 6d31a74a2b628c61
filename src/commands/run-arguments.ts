import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { Widget } from '@lumino/widgets';
import type { RunKey, RunView } from 'jupyterlab-kfp-model';

import type { RunModel } from '../run/run-model';

import type { IWorkbench } from '../tokens';

/** Class of the content of the tab of a run. */
const RUN_CONTENT = 'jp-KfpRunDocument-content';
/** Milliseconds to wait for the first picture of a run. */
const PATIENCE = 10_000;

/** The argument of a command that names a connection, as a JSON schema of properties. */
export function connectionProperties(trans: TranslationBundle) {
  return {
    connection: {
      type: 'string',
      description: trans.__('Name of the connection')
    }
  } as const;
}

/** The arguments of a command that name a run, as JSON schemas of properties. */
export function runProperties(trans: TranslationBundle) {
  return {
    ...connectionProperties(trans),
    run_id: {
      type: 'string',
      description: trans.__('The run; without it the one whose tab is in front')
    }
  } as const;
}

/** The arguments of a command that name a run for the reader too. */
export function namedRunProperties(trans: TranslationBundle) {
  return {
    ...runProperties(trans),
    name: { type: 'string', description: trans.__('Name of the run') }
  } as const;
}

/** The argument of a command that names several runs. */
export function runsProperties(trans: TranslationBundle) {
  return {
    runs: {
      type: 'array',
      description: trans.__('Several runs'),
      items: {
        type: 'object',
        properties: runProperties(trans),
        required: ['connection', 'run_id']
      }
    }
  } as const;
}

/** The run that the arguments of a command name. */
export function keyOfArgs(args: ReadonlyPartialJSONObject): RunKey | null {
  return typeof args.connection === 'string' && typeof args.run_id === 'string'
    ? { connection: args.connection, run_id: args.run_id }
    : null;
}

/** The runs that the arguments of a command list, each once; null when they list none. */
export function keysOfArgs(
  args: ReadonlyPartialJSONObject
): readonly RunKey[] | null {
  if (!Array.isArray(args.runs)) {
    return null;
  }
  const keys = new Map<string, RunKey>();
  for (const each of args.runs) {
    const key =
      typeof each === 'object' && each !== null
        ? keyOfArgs(each as ReadonlyPartialJSONObject)
        : null;
    if (key) {
      keys.set(`${key.connection}/${key.run_id}`, key);
    }
  }
  return [...keys.values()];
}

/** The run whose tab is in front. */
export function keyInFront(app: JupyterFrontEnd): RunKey | null {
  return contentInFront(app)?.key ?? null;
}

/** The view of the run whose tab is in front. */
export function modelInFront(app: JupyterFrontEnd): RunModel | null {
  return contentInFront(app)?.model ?? null;
}

interface IRunContent {
  readonly key: RunKey;
  readonly model: RunModel;
}

function contentInFront(app: JupyterFrontEnd): IRunContent | null {
  const { shell } = app;
  const current = runContent(shell.currentWidget);
  if (current) {
    return current;
  }
  // Notebook 7 shows runs below the notebook, which stays its current widget
  for (const below of shell.widgets('down')) {
    const content = below.isVisible ? runContent(below) : null;
    if (content) {
      return content;
    }
  }
  return null;
}

// told by its class, so that the document need not be loaded to ask
function runContent(widget: Widget | null): IRunContent | null {
  const content =
    widget instanceof MainAreaWidget ? (widget.content as Widget) : null;
  return content && 'key' in content && content.hasClass(RUN_CONTENT)
    ? (content as unknown as IRunContent)
    : null;
}

/** The name of a run: as the caller knows it, as it is shown, else its id. */
export function nameOf(
  args: ReadonlyPartialJSONObject,
  key: RunKey,
  workbench: IWorkbench
): string {
  return typeof args.name === 'string'
    ? args.name
    : (workbench.runs.get(key).view?.run.name ?? key.run_id);
}

/** The picture of a run: the one that is shown, else the one that the gateway has now; rejects where none comes. */
export async function pictureOf(
  workbench: IWorkbench,
  key: RunKey,
  trans: TranslationBundle
): Promise<RunView> {
  const store = workbench.runs.get(key);
  if (store.view) {
    return store.view;
  }
  const viewer = store.open(false, 'tasks');
  try {
    return await new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        reject(
          new Error(
            store.link?.message ??
              trans.__('No picture of this run has come. Try again later.')
          )
        );
      }, PATIENCE);
      const onChanged = (): void => {
        if (store.view) {
          window.clearTimeout(timer);
          store.changed.disconnect(onChanged);
          resolve(store.view);
        }
      };
      store.changed.connect(onChanged);
    });
  } finally {
    viewer.dispose();
  }
}
