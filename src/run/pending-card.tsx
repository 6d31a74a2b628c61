import {
  durationText,
  isFinalTaskState,
  secondsBetween,
  type RunView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { CommandIDs } from '../commands/command-ids';
import { perform } from '../commands/tell';
import { CopyButton } from './copy-button';
import { useRunEnvironment, useRunNow } from './environment';
import { reportOf } from './report';
import type { RunModel } from './run-model';
import { hasEvents } from './task-detail';
import { leavesOf, taskTree } from './task-tree';
import { inSentence } from './shown-name';

/** Milliseconds of waiting after which the reason is shown. */
const PATIENCE = 10_000;

/** Why a run does not move, in plain words, once it has waited for more than a moment. */
export function PendingCard(props: {
  readonly model: RunModel;
  readonly view: RunView;
}): JSX.Element | null {
  const { model, view } = props;
  const { trans, host, layout, trusted } = useRunEnvironment();
  const { waiting } = view;
  const now = useRunNow(model, waiting !== undefined);
  if (!waiting) {
    return null;
  }
  const seconds = secondsBetween(waiting.since, undefined, now) ?? 0;
  if (seconds * 1000 < PATIENCE) {
    return null;
  }
  const { connection } = view.run;
  const key = model.keyOf(view);
  const task = waiting.task
    ? leavesOf(taskTree(view)).find(
        each =>
          each.name === waiting.task &&
          !isFinalTaskState(each.state) &&
          hasEvents(each)
      )
    : undefined;
  const isUnread = !waiting.reason && !view.capabilities.events;
  return (
    <div className="jp-KfpCard jp-mod-pending">
      <p className="jp-KfpCard-title">
        {waiting.task
          ? trans.__(
              '%1 has waited %2.',
              inSentence(waiting.task),
              inSentence(durationText(seconds))
            )
          : trans.__(
              'The run has waited %1.',
              inSentence(durationText(seconds))
            )}
      </p>
      <p className="jp-KfpCard-text">
        {waiting.reason ? (
          <bdi>{waiting.reason}</bdi>
        ) : isUnread ? (
          trans.__(
            'Reason not available: this connection cannot read pod events.'
          )
        ) : (
          trans.__('No reason reported.')
        )}
      </p>
      <div className="jp-KfpCard-actions">
        {isUnread &&
          connection.flavour !== 'local' &&
          host.commands?.hasCommand(CommandIDs.openDoctor) && (
            <button
              type="button"
              className="jp-KfpButton"
              onClick={() => {
                void host.commands?.execute(CommandIDs.openDoctor, {
                  connection: key.connection
                });
              }}
            >
              {trans.__('Open doctor')}
            </button>
          )}
        {task && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() =>
              model.choose({
                tab: layout === 'document' ? 'attempts' : 'tasks',
                task: task.id
              })
            }
          >
            {trans.__('Show events')}
          </button>
        )}
        {trusted && host.commands?.hasCommand(CommandIDs.newRun) && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => {
              if (host.commands) {
                perform(host.commands, CommandIDs.newRun, {
                  connection: key.connection,
                  from_run: key.run_id
                });
              }
            }}
          >
            {trans.__('Run again with changes…')}
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
