import { durationText, type RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CopyButton } from './copy-button';
import { useRunEnvironment } from './environment';
import { reportOf } from './report';
import { RetryButton } from './retry-button';
import type { RunModel } from './run-model';
import { firstFailure, leavesOf, taskSeconds, taskTree } from './task-tree';
import { inSentence } from './shown-name';

/** Names of tasks that were not reached, shown at most. */
const NAMES = 8;

/** Properties of the failure card. */
export interface IFailureCardProps {
  readonly model: RunModel;
  readonly view: RunView;
}

/** Why the run failed: the first task that did, its reason, the line it came from and the end of its log. */
export function FailureCard(props: IFailureCardProps): JSX.Element {
  const { model, view } = props;
  const { trans, host, trusted } = useRunEnvironment();
  const task = firstFailure(view);
  const failure = view.failure ?? task?.failure;
  const name = view.failure?.task ?? task?.name;
  const notReached = React.useMemo(
    () =>
      leavesOf(taskTree(view))
        .filter(leaf => leaf.state === 'NOT_REACHED')
        .map(leaf => inSentence(leaf.name)),
    [view.tasks, view.graph, view.run.state]
  );
  if (!name) {
    return (
      <div className="jp-KfpCard jp-mod-failed">
        <p className="jp-KfpCard-title">{trans.__('The run failed.')}</p>
        <p className="jp-KfpCard-text">
          {view.run.error ?? trans.__('No reason reported.')}
        </p>
        <div className="jp-KfpCard-actions">
          <RetryButton model={model} view={view} />
          <CopyButton
            label={trans.__('Copy report')}
            text={() => reportOf(view)}
          />
        </div>
      </div>
    );
  }
  const seconds = task ? taskSeconds(task) : null;
  const where = [
    inSentence(name),
    ...(failure?.exit_code === undefined
      ? []
      : [trans.__('exit code %1', failure.exit_code)]),
    ...(seconds === null
      ? []
      : [trans.__('after %1', inSentence(durationText(seconds)))])
  ].join(', ');
  const source = failure?.source;
  const tail = failure?.log_tail ?? [];
  const cellLine = failure ? model.lineInCell(failure) : null;
  return (
    <div className="jp-KfpCard jp-mod-failed">
      <p className="jp-KfpCard-title">
        <bdi>{trans.__('First failure: %1', where)}</bdi>
      </p>
      <p className="jp-KfpCard-reason">
        <bdi>
          {failure?.reason || view.run.error || trans.__('No reason reported.')}
        </bdi>
      </p>
      {failure?.hint && (
        <p className="jp-KfpCard-hint">
          <bdi>{failure.hint}</bdi>
        </p>
      )}
      {source && (
        <div className="jp-KfpCard-source">
          <span className="jp-KfpCard-where">
            {cellLine
              ? cellLine.prompt === undefined
                ? trans.__('cell line %1', cellLine.line)
                : trans.__('cell %1, line %2', cellLine.prompt, cellLine.line)
              : source.function
                ? trans.__('%1, line %2', source.function, source.line)
                : trans.__('line %1', source.line)}
          </span>
          <code>{source.text}</code>
          {cellLine && host.jumpToLine && (
            <button
              type="button"
              className="jp-KfpButton"
              onClick={() => host.jumpToLine?.(cellLine.cellId, cellLine.line)}
            >
              {trans.__('Jump to line')}
            </button>
          )}
        </div>
      )}
      {tail.length > 0 && <LogTail text={tail.join('\n')} />}
      {notReached.length > 0 && (
        <p className="jp-KfpCard-text">
          <bdi>
            {trans.__('Not reached: %1', notReached.slice(0, NAMES).join(', '))}
            {notReached.length > NAMES &&
              ` ${trans.__('and %1 more', notReached.length - NAMES)}`}
          </bdi>
        </p>
      )}
      <div className="jp-KfpCard-actions">
        {task && model.isWatching && view.capabilities.logs && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => model.choose({ tab: 'logs', task: task.id })}
          >
            {trans.__('Open logs')}
          </button>
        )}
        <RetryButton model={model} view={view} />
        {task && trusted && host.insertBelow && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() =>
              host.insertBelow?.(`%kfp debug ${view.run.run_id}:${task.path}`)
            }
          >
            {trans.__('Debug locally')}
          </button>
        )}
        <CopyButton
          label={trans.__('Copy report')}
          text={() => reportOf(view)}
        />
      </div>
    </div>
  );
}

/** The end of a log, standing at its last line: there the reason is. */
function LogTail({ text }: { readonly text: string }): JSX.Element {
  const { trans } = useRunEnvironment();
  const box = React.useRef<HTMLPreElement>(null);
  React.useLayoutEffect(() => {
    if (box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [text]);
  return (
    <pre
      ref={box}
      className="jp-KfpCard-tail"
      tabIndex={0}
      role="group"
      aria-label={trans.__('End of the log')}
    >
      {text}
    </pre>
  );
}
