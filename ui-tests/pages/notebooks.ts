import { expect, type IJupyterLabPageFixture } from '@jupyterlab/galata';
import type { Page } from '@playwright/test';

/** A notebook whose code cells hold these sources. */
export function notebookOf(sources: readonly string[]): object {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3',
        language: 'python'
      },
      language_info: { name: 'python' }
    },
    cells: sources.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${index}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null
    }))
  };
}

/** Write a notebook whose cells hold these sources, and open it. */
export async function openNotebookOf(
  page: IJupyterLabPageFixture,
  path: string,
  sources: readonly string[]
): Promise<void> {
  await page.contents.uploadContent(
    JSON.stringify(notebookOf(sources)),
    'text',
    path
  );
  await openNotebook(page, path);
}

/**
 * Open a notebook and bring it to the front, by JupyterLab's own command.
 *
 * Galata clicks its way through the folders of the file browser instead; that loses races with the folder a
 * reloaded page returns to, and costs seconds.
 */
export async function openNotebook(
  page: IJupyterLabPageFixture,
  path: string
): Promise<void> {
  await page.evaluate(async path => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = (await app.commands.execute('docmanager:open', {
      path
    })) as {
      readonly id: string;
      readonly context: { readonly ready: Promise<void> };
      readonly sessionContext: { readonly ready: Promise<void> };
    };
    await panel.context.ready;
    await panel.sessionContext.ready;
    app.shell.activateById(panel.id);
  }, path);
}

/** Load the page anew; it comes back with the documents that were open, which galata's own way would wait in vain to be rid of. */
export async function reloadPage(page: IJupyterLabPageFixture): Promise<void> {
  // galata's type knows only Playwright's own `reload`, in whose place it puts this one
  const galata = page as unknown as {
    reload(options: { readonly waitForIsReady: boolean }): Promise<unknown>;
  };
  await galata.reload({ waitForIsReady: false });
}

/** Read the saved notebook back. */
export async function savedNotebook(
  page: IJupyterLabPageFixture,
  path: string
): Promise<ISavedNotebook> {
  const answer = await page.request.get(`api/contents/${path}?content=1`);
  const file = (await answer.json()) as { readonly content: ISavedNotebook };
  return file.content;
}

/** The part of a notebook file that tests look at. */
export interface ISavedNotebook {
  readonly cells: readonly {
    readonly source: string | string[];
    readonly execution_count?: number | null;
    readonly outputs?: readonly {
      readonly output_type: string;
      readonly data?: Record<string, unknown>;
    }[];
  }[];
}

/** A pipeline of three steps; `seconds` is how long the middle one takes. */
export function threeSteps(options: {
  readonly seconds: number;
  readonly fails?: boolean;
  /** Name of the run. */
  readonly name?: string;
}): string {
  const name = options.name ? ` --name ${options.name}` : '';
  return `%%kfp run --as r --no-cache -p seconds=${options.seconds}${name}
from kfp import dsl

@dsl.component(base_image="python:3.11")
def prepare(rows: int, data: dsl.Output[dsl.Dataset]) -> int:
    print("preparing", rows)
    with open(data.path, "w") as file:
        file.write("x\\n" * rows)
    return rows

@dsl.component(base_image="python:3.11")
def train(rows: int, seconds: int, data: dsl.Input[dsl.Dataset], model: dsl.Output[dsl.Model], metrics: dsl.Output[dsl.Metrics]):
    import time
    for second in range(seconds):
        print("second", second, flush=True)
        time.sleep(1)
    ${options.fails ? 'raise KeyError("label")' : 'metrics.log_metric("accuracy", 0.94)'}
    with open(model.path, "w") as file:
        file.write("model")

@dsl.component(base_image="python:3.11")
def evaluate(model: dsl.Input[dsl.Model]) -> float:
    return 0.5

@dsl.pipeline
def journey(rows: int = 10, seconds: int = 1):
    first = prepare(rows=rows)
    second = train(rows=first.outputs["Output"], seconds=seconds, data=first.outputs["data"])
    evaluate(model=second.outputs["model"])
`;
}

/** The MIME type of the output of a cell that started a run. */
export const RUN_MIME_TYPE = 'application/vnd.jupyterlab-kfp.run+json';

/** The three forms of the run in the n-th cell (0-based) of a saved notebook. */
export function savedRun(notebook: ISavedNotebook, cell: number): ISavedRun {
  const data = notebook.cells[cell].outputs?.find(
    output => output.data?.[RUN_MIME_TYPE]
  )?.data;
  if (!data) {
    throw new Error(`Cell ${cell} has no run.`);
  }
  const text = (value: unknown): string =>
    Array.isArray(value) ? value.join('') : String(value);
  return {
    payload: data[RUN_MIME_TYPE] as ISavedRun['payload'],
    html: text(data['text/html']),
    text: text(data['text/plain'])
  };
}

/** Save until the file holds the end of the run of a cell: the page writes it a moment after the view shows it. */
export async function savedEnd(
  page: IJupyterLabPageFixture,
  path: string,
  cell: number
): Promise<ISavedRun> {
  let run: ISavedRun | undefined;
  // a file that is read while it is being written is read once more
  await expect(async () => {
    await page.notebook.save();
    run = savedRun(await savedNotebook(page, path), cell);
    expect(run.payload.runs.every(({ snapshot }) => snapshot.final)).toBe(true);
  }).toPass({ timeout: 30_000 });
  return run!;
}

/** Whether the notebook on top holds something that its file does not. */
export async function isDirty(page: Page): Promise<boolean> {
  return page.evaluate(
    () =>
      (
        (
          window as unknown as {
            readonly jupyterapp: { readonly shell: { currentWidget: unknown } };
          }
        ).jupyterapp.shell.currentWidget as {
          readonly context: { readonly model: { readonly dirty: boolean } };
        }
      ).context.model.dirty
  );
}

/** The outputs of the notebook on top as its page holds them, as one text. */
export async function outputsInPage(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { shell } = (
      window as unknown as {
        readonly jupyterapp: { readonly shell: { currentWidget: unknown } };
      }
    ).jupyterapp;
    const panel = shell.currentWidget as {
      readonly content: {
        readonly model: {
          toJSON(): { readonly cells: readonly { outputs?: unknown }[] };
        };
      };
    };
    return JSON.stringify(
      panel.content.model.toJSON().cells.map(cell => cell.outputs)
    );
  });
}

/** What a notebook keeps of a run. */
export interface ISavedRun {
  readonly payload: {
    readonly schema: string;
    readonly runs: readonly {
      readonly run_id: string;
      readonly snapshot: { readonly final: boolean; readonly state: string };
    }[];
  };
  readonly html: string;
  readonly text: string;
}
