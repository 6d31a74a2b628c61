import type { StaticGraph } from 'jupyterlab-kfp-model';

import type { IGraphLayoutOptions, IPicture } from './graph-layout';

let worker: Worker | null = null;
let lastId = 0;
const waiting = new Map<
  number,
  {
    readonly resolve: (picture: IPicture) => void;
    readonly reject: (reason: Error) => void;
  }
>();

/** Lay a graph out in a thread of its own; fails where the page may not have one. */
export function layoutInThread(
  graph: StaticGraph,
  options: IGraphLayoutOptions
): Promise<IPicture> {
  return new Promise((resolve, reject) => {
    const thread = (worker ??= start());
    lastId += 1;
    waiting.set(lastId, { resolve, reject });
    thread.postMessage({ ...options, id: lastId, graph });
  });
}

function start(): Worker {
  const thread = new Worker(new URL('./layout-worker.js', import.meta.url));
  thread.addEventListener('message', event => {
    const { id, picture } = event.data as { id: number; picture: IPicture };
    waiting.get(id)?.resolve(picture);
    waiting.delete(id);
  });
  thread.addEventListener('error', event => {
    const reason = new Error(event.message || 'The thread did not start.');
    waiting.forEach(each => each.reject(reason));
    waiting.clear();
    thread.terminate();
    worker = null;
  });
  return thread;
}
