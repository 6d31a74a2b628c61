import type { StaticGraph, Vertex } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { stateClass } from '../../icons/state-shapes';
import { useRunEnvironment } from '../environment';
import { layoutGraph, linePath, type IPicture } from './graph-layout';
import { GraphNode } from './graph-node';
import type { IVertexState } from './graph-state';

/** Smallest and largest scale. */
const SCALE = { min: 0.15, max: 2 } as const;
/** Pixels around the picture. */
const MARGIN = 12;
/** Vertices above which folded groups must make it smaller first. */
const MANY = 400;

/** Properties of the picture of a pipeline. */
export interface IGraphViewProps {
  readonly graph: StaticGraph;
  readonly states: ReadonlyMap<string, IVertexState>;
  readonly direction: 'TB' | 'LR';
  /** Id of the chosen vertex; empty when none. */
  readonly chosen: string;
  /** Milliseconds; 0 when time stands still. */
  readonly now: number;
  readonly isOpen: (vertex: Vertex) => boolean;
  readonly onChoose: (vertex: string) => void;
  readonly onFold: (vertex: Vertex, isOpen: boolean) => void;
  readonly onRound: (loop: string, round: number) => void;
}

interface ICamera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** A pipeline as a picture that can be moved and scaled; only what is in sight is drawn. */
export function GraphView(props: IGraphViewProps): JSX.Element {
  const { graph, states, direction, isOpen } = props;
  const { trans } = useRunEnvironment();
  const field = React.useRef<HTMLDivElement>(null);
  const size = useSize(field);
  const openIds = graph.vertices
    .filter(isOpen)
    .map(vertex => vertex.id)
    .join(' ');
  const picture = React.useMemo(
    () => layoutGraph(graph, { direction, isOpen }),
    [graph, direction, openIds]
  );
  const [moved, setMoved] = React.useState<ICamera | null>(null);
  const camera = moved ?? fit(picture, size, direction);
  React.useEffect(() => setMoved(null), [graph]);

  const zoom = (
    factor: number,
    at = { x: size.width / 2, y: size.height / 2 }
  ): void => {
    const scale = Math.min(
      SCALE.max,
      Math.max(SCALE.min, camera.scale * factor)
    );
    const ratio = scale / camera.scale;
    setMoved({
      scale,
      x: at.x - (at.x - camera.x) * ratio,
      y: at.y - (at.y - camera.y) * ratio
    });
  };
  const drag = useDrag(camera, setMoved);
  useWheel(field, (factor, at) => zoom(factor, at));

  const seen = (x: number, y: number, width: number, height: number): boolean =>
    size.width === 0 ||
    ((x + width) * camera.scale + camera.x > -50 &&
      x * camera.scale + camera.x < size.width + 50 &&
      (y + height) * camera.scale + camera.y > -50 &&
      y * camera.scale + camera.y < size.height + 50);
  const boxes = picture.boxes.filter(box =>
    seen(box.x, box.y, box.width, box.height)
  );
  const groups = boxes.filter(box => box.isOpenGroup);
  const leaves = boxes.filter(box => !box.isOpenGroup);
  const node = (box: (typeof boxes)[number]): JSX.Element => {
    const state = states.get(box.vertex.id);
    return (
      <GraphNode
        key={box.vertex.id}
        box={box}
        state={state}
        isChosen={box.vertex.id === props.chosen}
        now={state?.task.finished_at ? 1 : props.now}
        onChoose={() => props.onChoose(box.vertex.id)}
        onFold={() => props.onFold(box.vertex, !box.isOpenGroup)}
        onRound={step => {
          const rounds = state?.rounds ?? [];
          const at = rounds.indexOf(state?.round ?? 0);
          const next = rounds[(at + step + rounds.length) % rounds.length];
          if (next !== undefined) {
            props.onRound(box.vertex.id, next);
          }
        }}
      />
    );
  };

  return (
    <div
      ref={field}
      className="jp-KfpGraph"
      tabIndex={0}
      role="group"
      aria-label={trans.__('Graph. The Tasks tab holds the same as a table.')}
      onKeyDown={event => {
        const key = { '+': 1.25, '=': 1.25, '-': 0.8 }[event.key];
        if (event.ctrlKey || event.metaKey || event.altKey) {
          return;
        }
        if (key) {
          zoom(key);
        } else if (event.key === '0') {
          setMoved(null);
        } else if (event.key.startsWith('Arrow')) {
          const next = neighbour(picture, props.chosen, event.key, direction);
          if (next) {
            event.preventDefault();
            props.onChoose(next);
          }
        }
      }}
      {...drag}
    >
      <svg className="jp-KfpGraph-svg" aria-hidden="true">
        <defs>
          <marker
            id="jp-kfp-arrow"
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
        <g
          transform={`translate(${camera.x} ${camera.y}) scale(${camera.scale})`}
        >
          {groups.map(node)}
          {picture.lines
            .filter(line =>
              line.points.some(point => seen(point.x, point.y, 0, 0))
            )
            .map(line => (
              <path
                key={`${line.from} ${line.to}`}
                className={`jp-KfpGraph-line ${lineClass(states, line.from, line.to)}`}
                d={linePath(line)}
                markerEnd="url(#jp-kfp-arrow)"
              />
            ))}
          {leaves.map(node)}
        </g>
      </svg>
      {graph.vertices.length > MANY && (
        <p className="jp-KfpGraph-note">
          {trans.__(
            '%1 tasks. The Tasks tab lists and filters all of them.',
            graph.vertices.length
          )}
        </p>
      )}
      <div className="jp-KfpGraph-tools">
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          title={trans.__('Closer')}
          aria-label={trans.__('Closer')}
          onClick={() => zoom(1.25)}
        >
          +
        </button>
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          title={trans.__('Farther')}
          aria-label={trans.__('Farther')}
          onClick={() => zoom(0.8)}
        >
          −
        </button>
        <button
          type="button"
          className="jp-KfpButton jp-mod-icon"
          title={trans.__('Show all')}
          aria-label={trans.__('Show all')}
          onClick={() => setMoved(null)}
        >
          ⤢
        </button>
      </div>
    </div>
  );
}

// a line is quiet until what it leads to has begun; it is dotted towards what will not happen
function lineClass(
  states: ReadonlyMap<string, IVertexState>,
  from: string,
  to: string
): string {
  const state = states.get(to)?.task.state;
  return state === 'SKIPPED' || state === 'NOT_REACHED'
    ? stateClass(state)
    : state === undefined || state === 'PENDING'
      ? ''
      : 'jp-mod-passed';
}

function fit(
  picture: IPicture,
  size: { readonly width: number; readonly height: number },
  direction: 'TB' | 'LR'
): ICamera {
  if (picture.width === 0 || size.width === 0) {
    return { x: MARGIN, y: MARGIN, scale: 1 };
  }
  const wide = (size.width - 2 * MARGIN) / picture.width;
  const high = (size.height - 2 * MARGIN) / picture.height;
  // never so small that the names cannot be read: then the far end is out of sight and can be moved in
  const scale = Math.min(1, Math.max(0.6, Math.min(wide, high)));
  const x = Math.max(MARGIN, (size.width - picture.width * scale) / 2);
  const y = Math.max(MARGIN, (size.height - picture.height * scale) / 2);
  return { x: direction === 'LR' ? Math.min(x, MARGIN) : x, y, scale };
}

// along the lines with the keys of the direction, between neighbours of a layer with the others
function neighbour(
  picture: IPicture,
  chosen: string,
  key: string,
  direction: 'TB' | 'LR'
): string | null {
  const here = picture.boxes.find(box => box.vertex.id === chosen);
  if (!here) {
    return picture.boxes[0]?.vertex.id ?? null;
  }
  const [forth, back] =
    direction === 'TB' ? ['ArrowDown', 'ArrowUp'] : ['ArrowRight', 'ArrowLeft'];
  if (key === forth || key === back) {
    const line = picture.lines.find(
      each => (key === forth ? each.from : each.to) === chosen
    );
    return line ? (key === forth ? line.to : line.from) : null;
  }
  const sign = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  const along = direction === 'TB' ? ('x' as const) : ('y' as const);
  const across = direction === 'TB' ? ('y' as const) : ('x' as const);
  const beside = picture.boxes
    .filter(
      box =>
        Math.abs(box[across] - here[across]) < 20 &&
        sign * (box[along] - here[along]) > 0
    )
    .sort((a, b) => sign * (a[along] - b[along]));
  return beside[0]?.vertex.id ?? null;
}

function useSize(ref: React.RefObject<HTMLElement>): {
  width: number;
  height: number;
} {
  const [size, setSize] = React.useState({ width: 0, height: 0 });
  React.useLayoutEffect(() => {
    const node = ref.current;
    if (!node || typeof ResizeObserver === 'undefined') {
      return;
    }
    const observer = new ResizeObserver(() =>
      setSize({ width: node.clientWidth, height: node.clientHeight })
    );
    observer.observe(node);
    setSize({ width: node.clientWidth, height: node.clientHeight });
    return () => observer.disconnect();
  }, [ref]);
  return size;
}

function useDrag(
  camera: ICamera,
  onMove: (camera: ICamera) => void
): Pick<
  React.HTMLAttributes<HTMLElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp'
> {
  const start = React.useRef<{ x: number; y: number; camera: ICamera } | null>(
    null
  );
  return {
    onPointerDown: event => {
      if (event.button === 0 && !(event.target as Element).closest('button')) {
        start.current = { x: event.clientX, y: event.clientY, camera };
      }
    },
    onPointerMove: event => {
      const from = start.current;
      if (!from || event.buttons !== 1) {
        start.current = null;
        return;
      }
      const dx = event.clientX - from.x;
      const dy = event.clientY - from.y;
      if (Math.abs(dx) + Math.abs(dy) > 3) {
        onMove({
          ...from.camera,
          x: from.camera.x + dx,
          y: from.camera.y + dy
        });
      }
    },
    onPointerUp: () => {
      start.current = null;
    }
  };
}

// only with a modifier, so that a notebook scrolls on when the pointer passes over a graph
function useWheel(
  ref: React.RefObject<HTMLElement>,
  onZoom: (factor: number, at: { x: number; y: number }) => void
): void {
  const latest = React.useRef(onZoom);
  latest.current = onZoom;
  React.useEffect(() => {
    const node = ref.current;
    const onWheel = (event: WheelEvent): void => {
      if (node && (event.ctrlKey || event.metaKey)) {
        event.preventDefault(); // the page would zoom
        const box = node.getBoundingClientRect();
        latest.current(Math.exp(-event.deltaY / 300), {
          x: event.clientX - box.left,
          y: event.clientY - box.top
        });
      }
    };
    node?.addEventListener('wheel', onWheel, { passive: false });
    return () => node?.removeEventListener('wheel', onWheel);
  }, [ref]);
}
