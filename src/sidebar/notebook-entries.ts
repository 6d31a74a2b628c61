import { isCodeCellModel, type ICellModel } from '@jupyterlab/cells';
import {
  PIPELINE_MIME_TYPE,
  RUN_MIME_TYPE,
  type CellRef,
  type RunEntry
} from 'jupyterlab-kfp-model';

import { driftOf } from '../history/cell-digest';
import {
  parsePipelinePayload,
  parseRunPayload
} from '../payload/parse-payload';
import type { Drift } from '../run/run-choices';

/** Something that a cell of a notebook shows. */
interface IOfCell {
  readonly cell: ICellModel;
  readonly name: string;
  /** How the cells it came from stand to it. */
  readonly drift: Drift;
  /** Whether the reader trusts the output. */
  readonly trusted: boolean;
}

/** A run that a cell shows. */
export interface IShownRun extends IOfCell {
  readonly kind: 'run';
  readonly run: RunEntry;
}

/** A pipeline that a cell compiled and did not send. */
export interface IShownDraft extends IOfCell {
  readonly kind: 'draft';
  readonly digest: string;
}

export type INotebookEntry = IShownRun | IShownDraft;

/** The runs and pipelines that the outputs of a notebook show, in the order of its cells; what is no payload of ours is left out. */
export function entriesOf(
  cells: Iterable<ICellModel>
): readonly INotebookEntry[] {
  const all = [...cells];
  const found: INotebookEntry[] = [];
  for (const cell of all) {
    if (!isCodeCellModel(cell)) {
      continue;
    }
    const drift = (ref: CellRef | undefined): Drift =>
      driftOf(ref, id => {
        const source = id ? all.find(each => each.id === id) : cell;
        return source?.sharedModel.getSource() ?? null;
      });
    for (let at = 0; at < cell.outputs.length; at += 1) {
      const { data } = cell.outputs.get(at);
      const common = { cell, trusted: cell.trusted };
      for (const run of parseRunPayload(data[RUN_MIME_TYPE])?.runs ?? []) {
        found.push({
          ...common,
          kind: 'run',
          name: run.name,
          drift: drift(run.cell),
          run
        });
      }
      const draft = parsePipelinePayload(data[PIPELINE_MIME_TYPE]);
      if (draft) {
        found.push({
          ...common,
          kind: 'draft',
          name: draft.name,
          drift: drift(draft.cell),
          digest: draft.ir_digest
        });
      }
    }
  }
  return found;
}
