/**
 * The compiled pipeline as a graph: vertices in topological order, groups by their parent.
 */

/** What a vertex stands for; the letters of the notebook payload are made of these. */
export type VertexKind =
  'task' | 'dag' | 'condition' | 'loop' | 'exit' | 'importer';

/** One task of the compiled pipeline. */
export interface Vertex {
  /** Path of task keys without `root.`, for example `for-loop-2.train`. Unique. */
  readonly id: string;
  /** Key of the task in its DAG. */
  readonly key: string;
  /** What people read. */
  readonly label: string;
  readonly kind: VertexKind;
  /** Id of the enclosing group; absent at the top. */
  readonly parent?: string;
  readonly component: string;
  /** Condition of the task as a person would write it, where it has one. */
  readonly condition?: string;
  readonly image?: string;
}

/** `to` needs `from`; both are ids of vertices of one group. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface StaticGraph {
  readonly vertices: readonly Vertex[];
  readonly edges: readonly Edge[];
}
