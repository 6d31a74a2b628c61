import {
  isAllSkipped,
  isFinalRunState,
  secondsBetween,
  shownRunState,
  type RunView
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { StateIcon } from '../icons/state-icon';
import { ConfirmButton } from './confirm-button';
import { useRunEnvironment, useRunNow } from './environment';
import { LinkChip } from './link-chip';
import { rerunQuestion, stopQuestion } from './questions';
import type { RunModel } from './run-model';
import { RetryButton } from './retry-button';
import { openRunMenu } from './run-menu';
import { useRunStateText } from './run-state-text';
import { countsSentence } from './words';
import { MenuButton } from './menu-button';
import { Duration, HeaderName } from './name';

/** Properties of the header of a run. */
export interface IRunHeaderProps {
  readonly model: RunModel;
  readonly view: RunView;
  /** Raised by one when the Stop question is asked for by key. */
  readonly stopAsked: number;
}

/** Properties of the buttons of a run. */
interface IRunButtonsProps extends IRunHeaderProps {
  /** Whether the question is open whether to run again without cache. */
  readonly isRerunAsked: boolean;
  readonly onRerun: () => void;
  readonly onRerunClosed: () => void;
}

/** The first line of a run: state, name, progress, time, place, and what can be done. */
export function RunHeaderBar(props: IRunHeaderProps): JSX.Element {
  const { model, view } = props;
  const environment = useRunEnvironment();
  const { trans, layout } = environment;
  const { run, counts } = view;
  const final = isFinalRunState(run.state);
  const isMoving = !final && !model.isStale;
  const now = useRunNow(model, isMoving);
  const [isRerunAsked, setRerunAsked] = React.useState(false);
  const rerun = (): void => {
    void model.store?.rerunUncached().then(key => {
      if (key) {
        environment.host.openInTab?.(key);
      }
    });
  };
  const place = placeOf(view);
  const seconds = runSeconds(view, isMoving, now);
  const stateText = useRunStateText(model, view);
  const sign = <StateIcon sign={shownRunState(run, view.tasks)} size={18} />;

  return (
    <div className="jp-KfpRun-header">
      {layout === 'cell' ? (
        <button
          type="button"
          className="jp-KfpRun-fold"
          aria-expanded={!model.choices.collapsed}
          aria-label={
            model.choices.collapsed
              ? trans.__('Unfold the run')
              : trans.__('Fold the run')
          }
          onClick={() => model.choose({ collapsed: !model.choices.collapsed })}
        >
          {sign}
        </button>
      ) : (
        sign
      )}
      <span className="jp-KfpRun-state" title={stateText}>
        {stateText}
      </span>
      <HeaderName name={run.name} />
      <span className="jp-KfpRun-progress">
        {(counts.total > 0 || isAllSkipped(counts)) && (
          <span className="jp-KfpRun-counts">
            <bdi>{countsSentence(counts, final, trans)}</bdi>
          </span>
        )}
        {seconds !== null && (
          <span className="jp-KfpRun-time">
            <Duration seconds={seconds} />
          </span>
        )}
      </span>
      <span className="jp-KfpRun-space" />
      <span className="jp-KfpRun-place" title={place}>
        {place}
      </span>
      <LinkChip model={model} />
      <RunButtons
        {...props}
        isRerunAsked={isRerunAsked}
        onRerun={rerun}
        onRerunClosed={() => setRerunAsked(false)}
      />
      <MenuButton
        onOpen={anchor =>
          openRunMenu(anchor, {
            model,
            view,
            environment,
            askRerun: () =>
              run.connection.flavour === 'local' ? rerun() : setRerunAsked(true)
          })
        }
      />
    </div>
  );
}

/** Stop or Retry, whichever applies. */
function RunButtons(props: IRunButtonsProps): JSX.Element | null {
  const { model, view, stopAsked, isRerunAsked } = props;
  const { trans, trusted } = useRunEnvironment();
  const { store } = model;
  const { run } = view;
  if (!store || !trusted || !model.isReached) {
    return null;
  }
  const connection = run.connection.profile;

  if (
    view.capabilities.actions.includes('terminate') &&
    (run.state === 'PENDING' ||
      run.state === 'RUNNING' ||
      run.state === 'PAUSED')
  ) {
    return (
      <ConfirmButton
        label={trans.__('Stop')}
        {...stopQuestion(run.name, connection, trans)}
        busy={store.acting === 'terminate' ? trans.__('Stopping…') : ''}
        isDangerous={true}
        asked={stopAsked}
        onConfirm={() => void store.act('terminate')}
      />
    );
  }
  return (
    <>
      {isRerunAsked && (
        <ConfirmButton
          label=""
          {...rerunQuestion(run.name, connection, trans)}
          busy={store.acting === 'rerun' ? trans.__('Starting again…') : ''}
          isAskedFirst={true}
          onClosed={props.onRerunClosed}
          onConfirm={props.onRerun}
        />
      )}
      <RetryButton model={model} view={view} />
    </>
  );
}

/** Where a run lives, as people say it. */
export function placeOf(view: RunView): string {
  const { profile, namespace } = view.run.connection;
  return namespace ? `${profile} / ${namespace}` : profile;
}

/** The seconds a run has taken or took; null when unknown. */
export function runSeconds(
  view: RunView,
  isMoving: boolean,
  now: number
): number | null {
  const { created_at, started_at, finished_at } = view.run;
  return (
    secondsBetween(
      started_at ?? created_at,
      finished_at,
      isMoving ? now : undefined
    ) ?? null
  );
}
