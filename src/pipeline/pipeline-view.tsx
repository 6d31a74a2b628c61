import '../../style/view.css';

import {
  unpackGraph,
  type PipelinePayload,
  type PlanAnswer
} from 'jupyterlab-kfp-model';
import * as React from 'react';

import { sentenceOf } from '../gateway/gateway-error';
import { StateIcon } from '../icons/state-icon';
import { PlanView } from '../new-run/plan-view';
import {
  RunEnvironmentProvider,
  useRunEnvironment,
  type IRunEnvironment
} from '../run/environment';
import { isGroupVertex } from '../run/graph/graph-layout';
import type { IVertexState } from '../run/graph/graph-state';
import { GraphView } from '../run/graph/graph-view';
import { JsonValue } from '../run/results/value';
import { typeWord } from '../run/words';
import type { Drift } from '../run/run-choices';
import { copyText } from '../run/clipboard';
import { downloadPipeline } from '../run/download';
import { MenuButton } from '../run/menu-button';
import { HeaderName, Name } from '../run/name';
import { openPopupMenu, type IMenuEntry } from '../run/popup-menu';
import { shownName } from '../run/shown-name';
import { useSize } from '../run/use-size';
import { Findings } from './findings';

/** Properties of the view. */
export interface IPipelineViewProps {
  readonly pipeline: PipelinePayload;
  readonly environment: IRunEnvironment;
  /** How the cell stands to it; null where there is none. */
  readonly drift?: Drift;
}

/** A pipeline that was not sent: its graph, its inputs, what it is made of and what the checks found. */
export function PipelineView(props: IPipelineViewProps): JSX.Element {
  return (
    <RunEnvironmentProvider value={props.environment}>
      <Draft pipeline={props.pipeline} drift={props.drift ?? null} />
    </RunEnvironmentProvider>
  );
}

const NO_STATES: ReadonlyMap<string, IVertexState> = new Map();

function Draft(props: {
  readonly pipeline: PipelinePayload;
  readonly drift: Drift;
}): JSX.Element {
  const { pipeline, drift } = props;
  const root = React.useRef<HTMLDivElement>(null);
  const { classes } = useSize(root);
  const { trans, host, trusted } = useRunEnvironment();
  const [plan, setPlan] = React.useState<PlanAnswer | string | null>(null);
  const [isPlanning, setPlanning] = React.useState(false);
  const askPlan = async (): Promise<void> => {
    if (host.planDraft) {
      setPlanning(true);
      setPlan(await host.planDraft(pipeline.ir_digest));
      setPlanning(false);
    }
  };
  const { draftText } = host;
  const copies = (): readonly IMenuEntry[] => [
    {
      label: trans.__('Copy Digest'),
      go: () => copyText(pipeline.ir_digest)
    },
    ...(trusted && draftText
      ? [
          {
            label: trans.__('Download Pipeline'),
            go: () => {
              downloadPipeline(
                () => draftText(pipeline.ir_digest),
                pipeline.name
              ).catch((reason: unknown) => setPlan(sentenceOf(reason)));
            }
          }
        ]
      : [])
  ];
  const [chosen, setChosen] = React.useState('');
  const [folds, setFolds] = React.useState<Readonly<Record<string, boolean>>>(
    {}
  );
  const graph = React.useMemo(
    () => unpackGraph(pipeline.graph),
    [pipeline.graph]
  );
  const images = new Set(pipeline.components.flatMap(each => each.image ?? []));
  const tasks = graph.vertices.filter(vertex => !isGroupVertex(vertex)).length;
  return (
    <div
      ref={root}
      className={`jp-KfpRun jp-mod-cell jp-mod-draft ${classes}`}
      role="region"
      aria-label={trans.__('Pipeline %1, not sent', shownName(pipeline.name))}
    >
      <div className="jp-KfpRun-header">
        <StateIcon sign="DRAFT" size={18} />
        <span className="jp-KfpRun-state">{trans.__('Draft')}</span>
        <HeaderName name={pipeline.name} />
        <span className="jp-KfpRun-progress">
          <bdi className="jp-KfpRun-counts">
            {[
              trans._n('%1 task', '%1 tasks', tasks),
              trans._n('%1 parameter', '%1 parameters', pipeline.inputs.length),
              trans._n('%1 image', '%1 images', images.size)
            ].join(' · ')}
          </bdi>
        </span>
        <span className="jp-KfpRun-space" />
        {trusted && host.runDraft && pipeline.format === 'ir' && (
          <button
            type="button"
            className="jp-KfpButton"
            onClick={() => host.runDraft?.(pipeline.ir_digest)}
          >
            {trans.__('Run…')}
          </button>
        )}
        {trusted && host.planDraft && pipeline.format === 'ir' && (
          <button
            type="button"
            className="jp-KfpButton"
            disabled={isPlanning}
            onClick={() => void askPlan()}
          >
            {trans.__('Plan')}
          </button>
        )}
        <MenuButton onOpen={anchor => openPopupMenu(anchor, [copies()])} />
      </div>
      {plan !== null && <PlanView plan={plan} trans={trans} />}
      {graph.vertices.length > 0 && (
        <div className="jp-KfpRun-body jp-mod-graph jp-mod-fixed">
          <div className="jp-KfpRun-panel">
            <GraphView
              graph={graph}
              states={NO_STATES}
              direction="LR"
              chosen={chosen}
              now={0}
              isOpen={vertex => folds[vertex.id] ?? graph.vertices.length <= 60}
              onChoose={setChosen}
              onFold={(vertex, isOpen) =>
                setFolds({ ...folds, [vertex.id]: isOpen })
              }
              onRound={() => undefined}
            />
          </div>
        </div>
      )}
      <Findings findings={pipeline.lint ?? []} />
      <Inputs pipeline={pipeline} />
      <div className="jp-KfpRun-footer">
        {(drift === 'edited' || drift === 'removed') && (
          <span className="jp-KfpRun-drift">
            {drift === 'edited'
              ? trans.__('Edited since')
              : trans.__('Its cell was removed')}
          </span>
        )}
        <span className="jp-KfpRun-facts">
          {[
            drift === 'same' ? trans.__('Cell unchanged') : '',
            trans.__(
              'IR %1',
              pipeline.ir_digest.replace(/^sha256:/, '').slice(0, 8)
            ),
            pipeline.sdk ?? '',
            trans.__('%1 KB', Math.max(1, Math.round(pipeline.size / 1024)))
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
    </div>
  );
}

function Inputs(props: {
  readonly pipeline: PipelinePayload;
}): JSX.Element | null {
  const { trans } = useRunEnvironment();
  const { inputs } = props.pipeline;
  if (inputs.length === 0) {
    return null;
  }
  return (
    <details className="jp-KfpRun-warnings">
      <summary>
        {trans._n('%1 parameter', '%1 parameters', inputs.length)}
      </summary>
      <table className="jp-KfpTable">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Type')}</th>
            <th scope="col">{trans.__('Default')}</th>
          </tr>
        </thead>
        <tbody>
          {inputs.map(input => (
            <tr key={input.name}>
              <th scope="row" title={input.description}>
                <Name>{input.name}</Name>
              </th>
              <td>{typeWord(input.type, trans)}</td>
              <td>
                {input.default !== undefined ? (
                  <JsonValue json={input.default} />
                ) : input.optional ? (
                  trans.__('not set')
                ) : (
                  trans.__('required')
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
