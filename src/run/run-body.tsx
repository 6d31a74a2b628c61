import type { RunView } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { AttemptsTab } from './attempts-tab';
import { EdgeHandle } from './edge-handle';
import { useRunEnvironment } from './environment';
import { GraphTab } from './graph/graph-tab';
import { InputsTab } from './inputs-tab';
import { LogsTab } from './logs/logs-tab';
import { ResultsTab } from './results/results-tab';
import type { RunModel, RunTab } from './run-model';
import { SourceTab } from './source-tab';
import { Summary } from './summary';
import { TaskDetail, taskOf } from './task-detail';
import { TasksTab } from './tasks/tasks-tab';
import { TimelineTab } from './timeline/timeline-tab';
import { useDetailFocus } from './use-detail-focus';
import type { ViewSize } from './use-size';
import { DETAIL_SHARE } from './view-sizes';
import { VolumesTab } from './volumes-tab';

/** Heights that a body may be dragged to, and its own at most, in pixels. */
const HEIGHT = { min: 60, max: 640, unset: 240, step: 24 } as const;
/** Share of the width that the details may have, in percent. */
const SHARE = { min: 20, max: 75, step: 4 } as const;

/** Properties of the body of a run. */
export interface IRunBodyProps {
  readonly model: RunModel;
  readonly view: RunView;
  readonly tab: RunTab;
  /** Prefix of the ids, unique in the page. */
  readonly id: string;
  readonly size: ViewSize;
}

/** What stands between the tabs and the last line: what matters most, or the tab that is open. */
export function RunBody(props: IRunBodyProps): JSX.Element {
  const { model, view } = props;
  return props.tab === 'summary' ? (
    <div className="jp-KfpRun-summary">
      <Summary model={model} view={view} />
    </div>
  ) : (
    <TabBody {...props} />
  );
}

function TabBody(props: IRunBodyProps): JSX.Element {
  const { model, view, tab, id, size } = props;
  const { trans, layout } = useRunEnvironment();
  const sizes = useSizes();
  const body = React.useRef<HTMLDivElement>(null);
  const hasDetail = tab === 'graph' || tab === 'tasks' || tab === 'timeline';
  const task = hasDetail ? taskOf(view, model.choices.task) : null;
  const isBehind = task !== null && size !== 'wide';
  useDetailFocus(body, task?.id ?? '', isBehind);
  const { run_id: runId } = view.run;
  const height = layout === 'cell' ? sizes.height(runId) : 0;
  // the others have parts of their own that scroll; here the panel does, so the keyboard has to reach it
  const isFixed =
    tab === 'graph' || tab === 'tasks' || tab === 'timeline' || tab === 'logs';
  return (
    <>
      <div
        ref={body}
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-tab-${tab}`}
        className={`jp-KfpRun-body jp-mod-${tab} ${isFixed ? 'jp-mod-fixed' : ''}`}
        style={
          {
            '--jp-kfp-detail-share': `${sizes.detailShare}%`,
            ...(height > 0 ? { height, maxHeight: height } : {})
          } as React.CSSProperties
        }
      >
        {/* behind details that take its place it keeps where it was scrolled to */}
        <div
          className={`jp-KfpRun-panel ${isBehind ? 'jp-mod-behind' : ''}`}
          tabIndex={isFixed ? undefined : 0}
        >
          <Panel model={model} view={view} tab={tab} />
        </div>
        {task && size === 'wide' && (
          <EdgeHandle
            className="jp-KfpRun-split"
            label={trans.__('Width of the details')}
            orientation="vertical"
            {...SHARE}
            value={sizes.detailShare}
            // the details lie at the end of the line
            perPixel={() =>
              (isRtl(body.current) ? 100 : -100) /
              (body.current?.clientWidth || Infinity)
            }
            onValue={share => {
              sizes.detailShare = share;
            }}
            onReset={() => {
              sizes.detailShare = DETAIL_SHARE;
            }}
          />
        )}
        {task && <TaskDetail model={model} view={view} task={task} />}
      </div>
      {layout === 'cell' && (
        <EdgeHandle
          className="jp-KfpRun-resize"
          label={trans.__('Height of the run')}
          orientation="horizontal"
          {...HEIGHT}
          value={height || HEIGHT.unset}
          measure={() => body.current?.offsetHeight ?? height}
          perPixel={() => 1}
          onValue={chosen => sizes.setHeight(runId, chosen)}
          onReset={() => sizes.setHeight(runId, 0)}
        />
      )}
    </>
  );
}

// draws again when a size was changed, here or in another view of the same run
function useSizes(): ReturnType<typeof useRunEnvironment>['sizes'] {
  const { sizes } = useRunEnvironment();
  const [, setVersion] = React.useState(0);
  React.useEffect(() => {
    const onChanged = (): void => setVersion(version => version + 1);
    sizes.changed.connect(onChanged);
    return () => {
      sizes.changed.disconnect(onChanged);
    };
  }, [sizes]);
  return sizes;
}

function isRtl(element: Element | null): boolean {
  return element !== null && getComputedStyle(element).direction === 'rtl';
}

function Panel(props: {
  readonly model: RunModel;
  readonly view: RunView;
  readonly tab: RunTab;
}): JSX.Element | null {
  const { model, view } = props;
  switch (props.tab) {
    case 'summary':
      return null;
    case 'graph':
      return <GraphTab model={model} view={view} />;
    case 'tasks':
      return <TasksTab model={model} view={view} />;
    case 'timeline':
      return <TimelineTab model={model} view={view} />;
    case 'logs':
      return <LogsTab model={model} view={view} />;
    case 'results':
      return <ResultsTab model={model} view={view} />;
    case 'inputs':
      return <InputsTab model={model} view={view} />;
    case 'source':
      return <SourceTab model={model} />;
    case 'attempts':
      return <AttemptsTab model={model} view={view} />;
    case 'volumes':
      return <VolumesTab model={model} view={view} />;
  }
}
