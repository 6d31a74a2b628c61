import type { StaticGraph, Vertex } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { ZoomTools } from '../zoom-tools';
import { centred, inSight, within, type ICamera, type ISize } from './camera';
import { GraphCaption } from './graph-caption';
import { titleOf, type IBox, type IPicture } from './graph-layout';
import { partOf } from './graph-part';
import { GraphScene, type IBoxActions } from './graph-scene';
import type { IVertexState } from './graph-state';
import { Overview } from './overview';
import { useCamera } from './use-camera';
import { CLOSER, FARTHER, useGraphKeys } from './use-graph-keys';
import { usePicture } from './use-picture';

/** Properties of the picture of a pipeline. */
export interface IGraphViewProps {
  readonly graph: StaticGraph;
  readonly states: ReadonlyMap<string, IVertexState>;
  readonly direction: 'TB' | 'LR';
  /** Id of the chosen vertex; empty when none. */
  readonly chosen: string;
  /** Id of the vertex in the middle where not all can be drawn; without it the chosen one. */
  readonly focus?: string;
  /** Milliseconds; 0 when time stands still. */
  readonly now: number;
  readonly isOpen: (vertex: Vertex) => boolean;
  readonly onChoose: (vertex: string) => void;
  readonly onFold: (vertex: Vertex, isOpen: boolean) => void;
  readonly onRound: (loop: string, round: number) => void;
}

let lastId = 0; // ids only have to differ within the page

/** A pipeline as a picture that can be moved and scaled; only what is in sight is drawn. */
export function GraphView(props: IGraphViewProps): JSX.Element {
  const { graph, states, direction, isOpen, chosen } = props;
  const { trans, layout } = useRunEnvironment();
  const field = React.useRef<HTMLDivElement>(null);
  const scene = React.useRef<SVGGElement>(null);
  const frame = React.useRef<SVGRectElement>(null);
  const [arrow] = React.useState(() => `jp-kfp-arrow-${(lastId += 1)}`);
  const [cursor, setCursor] = React.useState('');
  const [followed, setFollowed] = React.useState('');
  if (chosen !== followed) {
    setFollowed(chosen);
    setCursor(chosen || cursor); // what was chosen elsewhere
  }
  // where not all can be drawn, the neighbourhood goes with the keyboard: so there is no end to the way
  const focus = cursor || props.focus || '';
  const openIds = graph.vertices
    .filter(isOpen)
    .map(vertex => vertex.id)
    .join(' ');
  const whole = React.useMemo(
    () => partOf(graph, isOpen, ''),
    [graph, openIds]
  );
  const near = React.useMemo(
    () => (whole.middle ? partOf(graph, isOpen, focus) : null),
    [whole, focus]
  );
  const part = near ?? whole;
  const picture = usePicture(part, direction);
  const home = visibleAncestor(whole.open, focus);
  const onMoved = (now: ICamera, size: ISize): void => {
    const { x, y, scale } = now;
    scene.current?.setAttribute(
      'transform',
      `translate(${x} ${y}) scale(${scale})`
    );
    const seen = picture
      ? within(inSight(now, size), picture)
      : inSight(now, size);
    for (const [name, value] of Object.entries(seen)) {
      frame.current?.setAttribute(name, String(value));
    }
  };
  // in a notebook the wheel scrolls on when the pointer passes over a graph
  const camera = useCamera(field, picture, {
    direction,
    home,
    isWheelMoving: layout === 'document',
    onMoved
  });
  const latest = React.useRef(props);
  latest.current = props;
  const actions = React.useMemo<IBoxActions>(
    () => ({
      choose: id => {
        setCursor(id);
        latest.current.onChoose(id);
      },
      fold: box => latest.current.onFold(box.vertex, !box.isOpenGroup),
      round: (id, step) => {
        const state = latest.current.states.get(id);
        const rounds = state?.rounds ?? [];
        const at = rounds.indexOf(state?.round ?? 0);
        const next = rounds[(at + step + rounds.length) % rounds.length];
        if (next !== undefined) {
          latest.current.onRound(id, next);
        }
      }
    }),
    []
  );
  const boxAt = (id: string): IBox | undefined =>
    picture?.boxes.find(box => box.vertex.id === id);
  const here = boxAt(cursor) ?? boxAt(chosen);
  const keyboard = useGraphKeys({
    picture,
    camera,
    here,
    setCursor,
    actions,
    direction
  });
  const isLarger =
    picture !== null && isCut(picture, camera.now(), camera.size);
  React.useEffect(() => {
    if (part.middle) {
      camera.reset(); // another neighbourhood is another picture
    }
  }, [picture]);
  // the frame of an overview that has just come has no place yet
  React.useLayoutEffect(() => camera.touch(), [isLarger, picture]);

  return (
    <div
      ref={field}
      className="jp-KfpGraph"
      tabIndex={0}
      role="group"
      aria-label={trans.__('Graph. The Tasks tab holds the same as a table.')}
      data-kfp-cursor={states.get(here?.vertex.id ?? '')?.task.id ?? ''}
      onKeyDown={keyboard}
    >
      <svg className="jp-KfpGraph-svg" aria-hidden="true">
        <defs>
          <marker
            id={arrow}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path className="jp-KfpGraph-head" d="M1 1l6 3-6 3z" />
          </marker>
        </defs>
        <g ref={scene}>
          {picture && (
            <GraphScene
              picture={picture}
              states={states}
              chosen={chosen}
              cursor={here?.vertex.id ?? ''}
              now={props.now}
              part={camera.part}
              actions={actions}
              arrow={arrow}
            />
          )}
        </g>
      </svg>
      {!picture && (
        <p className="jp-KfpGraph-note jp-mod-alone" role="status">
          {trans.__('Drawing %1 tasks…', graph.vertices.length)}
        </p>
      )}
      {picture && isLarger && (
        <Overview
          picture={picture}
          states={states}
          frame={frame}
          onGo={(x, y) => camera.move(centred(camera.now(), x, y, camera.size))}
        />
      )}
      <div className="jp-KfpGraph-top">
        {part.middle && (
          <p className="jp-KfpGraph-note">
            {trans.__(
              '%1 tasks: showing the neighbourhood of %2. The Tasks tab lists all of them.',
              graph.vertices.length.toLocaleString(),
              titleOf(part.middle)
            )}
          </p>
        )}
        {here && (
          <GraphCaption
            vertex={here.vertex}
            state={states.get(here.vertex.id)}
            now={props.now}
          />
        )}
      </div>
      <ZoomTools
        onCloser={() => camera.zoom(CLOSER)}
        onFarther={() => camera.zoom(FARTHER)}
        onAll={() => camera.reset()}
      />
    </div>
  );
}

// what lies in a folded group is looked for where its group is
function visibleAncestor(open: ReadonlySet<string>, id: string): string {
  let found = id;
  for (let at = id; at.includes('.');) {
    at = at.slice(0, at.lastIndexOf('.'));
    if (!open.has(at)) {
      found = at;
    }
  }
  return found;
}

function isCut(picture: IPicture, camera: ICamera, size: ISize): boolean {
  return (
    size.width > 0 &&
    (picture.width * camera.scale > size.width ||
      picture.height * camera.scale > size.height)
  );
}
