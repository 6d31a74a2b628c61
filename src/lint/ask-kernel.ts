import type { Kernel } from '@jupyterlab/services';

import { readFindings, type IPlacedFinding } from './finding';

/** What the kernel is asked about a cell. */
export interface IQuestion {
  readonly source: string;
  readonly cellId: string;
  /** Rules that the user does not want to see. */
  readonly ignore: readonly string[];
}

/** One expression that checks a cell; nothing is executed and no name is left behind. */
export function expressionOf({ source, cellId, ignore }: IQuestion): string {
  // JSON texts are Python literals too.
  const words = [source, cellId, ignore].map(each => JSON.stringify(each));
  return (
    '__import__("importlib.util", fromlist=["_"]).find_spec("jupyterlab_kfp")' +
    ' and __import__("jupyterlab_kfp.lint.editor", fromlist=["_"])' +
    `.findings(${words.join(', ')})`
  );
}

/** Ask a kernel for the findings of a cell; silent, so that counters and history stay as they are. */
export async function askKernel(
  kernel: Kernel.IKernelConnection,
  question: IQuestion
): Promise<readonly IPlacedFinding[]> {
  const future = kernel.requestExecute({
    code: '',
    silent: true,
    store_history: false,
    stop_on_error: false,
    allow_stdin: false,
    user_expressions: { kfp: expressionOf(question) }
  });
  const { content } = await future.done;
  const answer =
    content.status === 'ok'
      ? (
          content.user_expressions as unknown as
            Record<string, IExpressionReply> | undefined
        )?.kfp
      : undefined;
  if (answer?.status === 'error') {
    console.warn(
      `The checks of a cell failed: ${answer.ename}: ${answer.evalue}`
    );
  }
  return readFindings(answer?.data?.['application/json']);
}

interface IExpressionReply {
  readonly status: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: Record<string, unknown>;
}
