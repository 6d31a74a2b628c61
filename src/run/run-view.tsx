import '../../style/view.css';

import { isFinalRunState } from 'jupyterlab-kfp-model';
import * as React from 'react';

import {
  RunEnvironmentProvider,
  useRunEnvironment,
  useRunModel,
  type IRunEnvironment
} from './environment';
import { useAnnouncements } from './announcements';
import { useKeptFocus } from './focus';
import { KeyList } from './key-list';
import { missingActions } from './missing-actions';
import { Notices, Warnings } from './notices';
import { RunBody } from './run-body';
import { RunFooter } from './run-footer';
import { RunHeaderBar } from './run-header';
import { actOnKey } from './run-keys';
import type { RunModel, RunTab } from './run-model';
import { RunStrip } from './run-strip';
import { DriftPanel } from './drift-panel';
import { Summary } from './summary';
import { DOCUMENT_TABS, TabList, TABS } from './tabs';
import { useRunStateText } from './run-state-text';
import { useSize } from './use-size';
import { countsSentence } from './words';
import { inSentence } from './shown-name';

/** Properties of the view. */
export interface IRunViewProps {
  readonly model: RunModel;
  readonly environment: IRunEnvironment;
}

/** A run as people see it: in a cell and in a tab alike. */
export function RunView(props: IRunViewProps): JSX.Element {
  return (
    <RunEnvironmentProvider value={props.environment}>
      <RunFrame model={props.model} />
    </RunEnvironmentProvider>
  );
}

let lastId = 0; // ids only have to differ within the page

function RunFrame(props: { readonly model: RunModel }): JSX.Element {
  const model = useRunModel(props.model);
  const environment = useRunEnvironment();
  const { trans, layout } = environment;
  const root = React.useRef<HTMLDivElement>(null);
  const { size, classes } = useSize(root);
  const [id] = React.useState(() => `jp-kfp-run-${(lastId += 1)}`);
  const [stopAsked, setStopAsked] = React.useState(0);
  const [isDriftShown, setDriftShown] = React.useState(false);
  const [showsKeys, setShowsKeys] = React.useState(false);
  const { view } = model;
  const said = useAnnouncements(view, model.link?.state);
  const keptFocus = useKeptFocus(() =>
    root.current?.querySelector('.jp-KfpRun-header [aria-haspopup="menu"]')
  );
  const stateText = useRunStateText(model, view);

  if (!view) {
    return (
      <div
        ref={root}
        className="jp-KfpRun jp-mod-empty"
        role="region"
        aria-label={trans.__('Pipeline run')}
      >
        <p className="jp-KfpEmpty">
          {model.link?.message ??
            (model.link?.state === 'not-found'
              ? trans.__('Run not found.')
              : trans.__('Loading the run…'))}
        </p>
      </div>
    );
  }
  const final = isFinalRunState(view.run.state);
  const label = [
    trans.__('Pipeline run %1', inSentence(view.run.name)),
    stateText,
    countsSentence(view.counts, final, trans)
  ].join(', ');
  const tabs: readonly RunTab[] =
    layout === 'document' ? [...TABS, ...DOCUMENT_TABS] : TABS;
  const isFolded = layout === 'cell' && model.choices.collapsed;
  const tab: RunTab =
    layout === 'document' && model.choices.tab === 'summary'
      ? 'graph'
      : model.choices.tab;

  return (
    <div
      ref={root}
      className={`jp-KfpRun jp-mod-${layout} ${classes} ${model.seenAt === null ? '' : 'jp-mod-still'}`}
      role="region"
      aria-label={label}
      data-kfp-run={view.run.run_id}
      data-kfp-state={view.run.state}
      {...keptFocus}
      onKeyDown={event =>
        actOnKey(event, {
          model,
          environment,
          root: root.current,
          askStop: () => {
            const missing = missingActions(model, view, environment).find(
              each => each.action === 'terminate'
            );
            if (missing) {
              model.notice = missing.answer;
            } else {
              setStopAsked(count => count + 1);
            }
          },
          showKeys: () => setShowsKeys(shown => !shown)
        })
      }
    >
      <RunHeaderBar model={model} view={view} stopAsked={stopAsked} />
      <Notices model={model} />
      {!isFolded && (
        <>
          {size !== 'narrow' && <RunStrip model={model} view={view} />}
          <Warnings warnings={view.warnings} />
          <TabList
            id={id}
            tabs={tabs}
            chosen={tab}
            onChoose={next =>
              // the tab that is open folds back to the summary
              model.choose({
                tab: layout === 'cell' && next === tab ? 'summary' : next
              })
            }
          />
          {layout === 'document' &&
            view.run.state === 'FAILED' &&
            tab === 'graph' && <Summary model={model} view={view} />}
          <RunBody model={model} view={view} tab={tab} id={id} size={size} />
          {showsKeys && <KeyList onClose={() => setShowsKeys(false)} />}
          {isDriftShown && (
            <DriftPanel model={model} onClose={() => setDriftShown(false)} />
          )}
          <RunFooter
            model={model}
            view={view}
            isDriftShown={isDriftShown}
            onDrift={() => setDriftShown(!isDriftShown)}
          />
        </>
      )}
      <div className="jp-KfpRun-live" role="status">
        {said.polite}
      </div>
      <div className="jp-KfpRun-live" role="alert">
        {said.urgent}
      </div>
    </div>
  );
}
