import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import { NotebookPanel } from '@jupyterlab/notebook';
import {
  PIPELINE_MIME_TYPE,
  RUN_MIME_TYPE,
  type PipelineInput,
  type PipelinePayload,
  type RunPayload
} from 'jupyterlab-kfp-model';

import type { IWorkbench } from '../tokens';
import type { IKnown } from './complete';
import { isOurs } from './is-ours';

/** Completes lines of the magic from what this page knows, also while the kernel is busy. */
export class MagicCompletionProvider implements ICompletionProvider {
  readonly identifier = 'jupyterlab-kfp:completion';
  /** Before the words of the context, which know nothing of the magic. */
  readonly rank = 1000;
  readonly renderer = null;

  constructor(workbench: IWorkbench | null) {
    this._workbench = workbench;
  }

  async isApplicable(context: ICompletionContext): Promise<boolean> {
    const { editor } = context;
    if (!editor) {
      return false;
    }
    const { line, column } = editor.getCursorPosition();
    return isOurs((editor.getLine(line) ?? '').slice(0, column), line === 0);
  }

  async fetch(
    request: CompletionHandler.IRequest,
    context: ICompletionContext
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const { text, offset } = request;
    const { complete } = await import('./complete');
    const start = text.lastIndexOf('\n', offset - 1) + 1;
    const found = complete(
      text.slice(start, offset),
      start === 0,
      this._known(context)
    );
    return {
      start: offset - (found?.word.length ?? 0),
      end: offset,
      items: (found?.candidates ?? []).map(candidate => ({
        label: candidate.text,
        insertText: candidate.text,
        type: candidate.kind,
        ...(candidate.about === undefined
          ? {}
          : { documentation: candidate.about })
      }))
    };
  }

  /** What the connections and the outputs of the notebook tell. */
  private _known(context: ICompletionContext): IKnown {
    const pipelines = new Map<string, readonly PipelineInput[]>();
    const runs = new Map<string, string>();
    const tasks = new Map<string, readonly string[]>();
    const experiments = new Set<string>();
    const namespaces = new Set<string>();
    const versions = new Set<string>();
    const panel = context.widget;
    if (panel instanceof NotebookPanel) {
      for (const { model } of panel.content.widgets) {
        if (model.type !== 'code') {
          continue;
        }
        for (const data of bundlesOf(model.toJSON())) {
          const draft = data[PIPELINE_MIME_TYPE] as PipelinePayload | undefined;
          if (Array.isArray(draft?.inputs)) {
            pipelines.set(String(draft.name), draft.inputs);
          }
          const shown = data[RUN_MIME_TYPE] as RunPayload | undefined;
          for (const run of Array.isArray(shown?.runs) ? shown.runs : []) {
            const id = String(run.run_id);
            runs.set(id, String(run.name));
            const packed = shown?.graphs?.[run.graph ?? ''];
            tasks.set(id, packed?.v ? String(packed.v).split(' ') : []);
            note(experiments, run.experiment?.name);
            note(namespaces, run.connection?.namespace);
            const { name, version_name } = run.pipeline ?? {};
            note(versions, name && version_name && `${name}@${version_name}`);
          }
        }
      }
    }
    const connections = this._workbench?.connections.connections ?? [];
    const seen = this._workbench?.client.seen;
    connections.forEach(({ ref }) => note(namespaces, ref.namespace));
    return {
      pipelines,
      runs,
      tasks,
      connections: connections.map(({ name }) => name),
      uploaded: [...(seen?.pipelines ?? [])],
      versions: [...versions, ...(seen?.versions ?? [])],
      experiments: [...experiments, ...(seen?.experiments ?? [])],
      namespaces: [...namespaces, ...(seen?.namespaces ?? [])]
    };
  }

  private readonly _workbench: IWorkbench | null;
}

function note(names: Set<string>, name: string | undefined): void {
  if (name) {
    names.add(name);
  }
}

function bundlesOf(cell: unknown): Record<string, unknown>[] {
  const { outputs } = cell as { outputs?: readonly { data?: unknown }[] };
  return (outputs ?? []).flatMap(({ data }) =>
    typeof data === 'object' && data !== null
      ? [data as Record<string, unknown>]
      : []
  );
}
