/** The layout of graphs in a thread of its own. */
import { layoutGraph, type IGraphLayoutOptions } from './graph-layout';
import type { StaticGraph } from 'jupyterlab-kfp-model';

/** What the thread is asked. */
export interface ILayoutQuestion extends IGraphLayoutOptions {
  readonly id: number;
  readonly graph: StaticGraph;
}

self.addEventListener('message', (event: MessageEvent<ILayoutQuestion>) => {
  const { id, graph, ...options } = event.data;
  self.postMessage({ id, picture: layoutGraph(graph, options) });
});
