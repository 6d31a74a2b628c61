import { isCodeCellModel, type ICellModel } from '@jupyterlab/cells';
import type { INotebookModel } from '@jupyterlab/notebook';
import { PIPELINE_MIME_TYPE, RUN_MIME_TYPE } from 'jupyterlab-kfp-model';

import type { ICompiled } from '../history/compiled';

/** What the outputs of a notebook say was compiled; every output of a notebook asks for it at the same time, so it is read once. */
export class CompiledOutputs {
  constructor(notebook: INotebookModel) {
    this._notebook = notebook;
    notebook.contentChanged.connect(() => {
      this._all = null;
    });
  }

  /** The one of a notebook. */
  static of(notebook: INotebookModel): CompiledOutputs {
    let known = KNOWN.get(notebook);
    if (!known) {
      known = new CompiledOutputs(notebook);
      KNOWN.set(notebook, known);
    }
    return known;
  }

  /** In the order of the cells. */
  get all(): readonly ICompiled[] {
    this._all ??= [...this._notebook.cells].flatMap(compiledOf);
    return this._all;
  }

  private readonly _notebook: INotebookModel;
  private _all: readonly ICompiled[] | null = null;
}

const KNOWN = new WeakMap<INotebookModel, CompiledOutputs>();

function compiledOf(cell: ICellModel): readonly ICompiled[] {
  if (!isCodeCellModel(cell)) {
    return [];
  }
  const prompt = cell.executionCount;
  return Array.from({ length: cell.outputs.length }, (_, index) => {
    const { data } = cell.outputs.get(index);
    const runs = fieldsOf(data[RUN_MIME_TYPE]).runs;
    return [
      fieldsOf(data[PIPELINE_MIME_TYPE]),
      ...(Array.isArray(runs) ? (runs as unknown[]) : []).map(run =>
        fieldsOf(fieldsOf(run).pipeline)
      )
    ].flatMap(({ name, ir_digest: digest }) =>
      typeof name === 'string' && typeof digest === 'string'
        ? [{ pipeline: name, digest, prompt }]
        : []
    );
  }).flat();
}

// two texts are compared and none is shown, so the rest of an output is not looked at
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
