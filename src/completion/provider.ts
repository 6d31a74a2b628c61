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

import type { IConnectionsStore } from '../connections/connections-store';
import type { IKnown } from './complete';
import { isOurs } from './is-ours';

/** Completes lines of the magic from what this page knows, also while the kernel is busy. */
export class MagicCompletionProvider implements ICompletionProvider {
  readonly identifier = 'jupyterlab-kfp:completion';
  /** Before the words of the context, which know nothing of the magic. */
  readonly rank = 1000;
  readonly renderer = null;

  constructor(connections: IConnectionsStore | null) {
    this._connections = connections;
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
            runs.set(String(run.run_id), String(run.name));
          }
        }
      }
    }
    const connections = this._connections?.connections ?? [];
    return {
      pipelines,
      runs,
      connections: connections.map(({ name }) => name)
    };
  }

  private readonly _connections: IConnectionsStore | null;
}

function bundlesOf(cell: unknown): Record<string, unknown>[] {
  const { outputs } = cell as { outputs?: readonly { data?: unknown }[] };
  return (outputs ?? []).flatMap(({ data }) =>
    typeof data === 'object' && data !== null
      ? [data as Record<string, unknown>]
      : []
  );
}
