import type { IJupyterLabPageFixture } from '@jupyterlab/galata';

/** Write a notebook whose cells hold these sources, and open it. */
export async function openNotebookOf(
  page: IJupyterLabPageFixture,
  path: string,
  sources: readonly string[]
): Promise<void> {
  const notebook = {
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
  await page.contents.uploadContent(JSON.stringify(notebook), 'text', path);
  await page.notebook.openByPath(path);
  await page.notebook.activate(path.split('/').pop() ?? path);
}

/** Read the saved notebook back. */
export async function savedNotebook(
  page: IJupyterLabPageFixture,
  path: string
): Promise<ISavedNotebook> {
  const file = await page.contents.getContentMetadata(path);
  if (!file) {
    throw new Error(`There is no ${path}.`);
  }
  const content: unknown = file.content;
  return (
    typeof content === 'string' ? JSON.parse(content) : content
  ) as ISavedNotebook;
}

/** The part of a notebook file that tests look at. */
export interface ISavedNotebook {
  readonly cells: readonly {
    readonly source: string | string[];
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
}): string {
  return `%%kfp run --as r --no-cache -p seconds=${options.seconds}
from kfp import dsl

@dsl.component
def prepare(rows: int, data: dsl.Output[dsl.Dataset]) -> int:
    print("preparing", rows)
    with open(data.path, "w") as file:
        file.write("x\\n" * rows)
    return rows

@dsl.component
def train(rows: int, seconds: int, data: dsl.Input[dsl.Dataset], model: dsl.Output[dsl.Model], metrics: dsl.Output[dsl.Metrics]):
    import time
    for second in range(seconds):
        print("second", second, flush=True)
        time.sleep(1)
    ${options.fails ? 'raise KeyError("label")' : 'metrics.log_metric("accuracy", 0.94)'}
    with open(model.path, "w") as file:
        file.write("model")

@dsl.component
def evaluate(model: dsl.Input[dsl.Model]) -> float:
    return 0.5

@dsl.pipeline
def journey(rows: int = 10, seconds: int = 1):
    first = prepare(rows=rows)
    second = train(rows=first.outputs["Output"], seconds=seconds, data=first.outputs["data"])
    evaluate(model=second.outputs["model"])
`;
}
