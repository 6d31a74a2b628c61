/** Nodes of an Argo workflow that runs a KFP 2 pipeline: reading them, and collapsing retries (clusters.md section 7). */
import { gunzipSync } from 'node:zlib';
import { fields, text, type Fields } from './wire-fields.ts';

/** A node, with what the task tree needs of it. */
export interface ArgoNode {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly template: string;
  readonly phase: string;
  readonly message: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly boundary: string;
  /** Output parameters by name. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** The nodes of one workflow. */
export class ArgoNodes {
  readonly workflow: string;
  /** Whether somebody asked the run to stop. */
  readonly isTerminated: boolean;
  /** Whether the nodes are kept elsewhere, so that nothing can be said about tasks. */
  readonly isOffloaded: boolean;
  private readonly _podNamesAreIds: boolean;
  private readonly _byName = new Map<string, ArgoNode>();
  private readonly _byBoundary = new Map<string, ArgoNode[]>();

  constructor(workflow: Fields) {
    const metadata = fields(workflow['metadata']);
    const status = fields(workflow['status']);
    this.workflow = text(metadata['name']);
    this.isTerminated = fields(workflow['spec'])['activeDeadlineSeconds'] === 0;
    this.isOffloaded = text(status['offloadNodeStatusVersion']) !== '';
    this._podNamesAreIds =
      fields(metadata['annotations'])[
        'workflows.argoproj.io/pod-name-format'
      ] === 'v1';
    for (const value of Object.values(nodesOf(status))) {
      const node = readNode(fields(value));
      this._byName.set(node.name, node);
      const list = this._byBoundary.get(node.boundary);
      if (list === undefined) {
        this._byBoundary.set(node.boundary, [node]);
      } else {
        list.push(node);
      }
    }
  }

  get isEmpty(): boolean {
    return this._byName.size === 0;
  }

  /** The node with this full name. */
  named(name: string): ArgoNode | undefined {
    return this._byName.get(name);
  }

  /** Nodes inside a DAG, by their names in it. */
  inside(dag: ArgoNode): ReadonlyMap<string, ArgoNode> {
    const prefix = `${dag.name}.`;
    return new Map(
      (this._byBoundary.get(dag.id) ?? [])
        .filter(node => node.name.startsWith(prefix))
        .map(node => [node.name.slice(prefix.length), node])
    );
  }

  /** Nodes with this boundary, whatever their names. */
  bounded(id: string): readonly ArgoNode[] {
    return this._byBoundary.get(id) ?? [];
  }

  /** The attempts of a node: those of a retry in their order, or the node itself. */
  attempts(node: ArgoNode): readonly ArgoNode[] {
    if (node.type !== 'Retry') {
      return [node];
    }
    const found: ArgoNode[] = [];
    for (let index = 0; ; index++) {
      const attempt = this._byName.get(`${node.name}(${index})`);
      if (attempt === undefined) {
        return found;
      }
      found.push(attempt);
    }
  }

  /** The attempt that counts. */
  effective(node: ArgoNode): ArgoNode {
    return this.attempts(node).at(-1) ?? node;
  }

  /** The pods below a container task, oldest first. */
  pods(node: ArgoNode): readonly ArgoNode[] {
    return this.attempts(node).flatMap(attempt => {
      if (attempt.type === 'Pod') {
        return [attempt];
      }
      const executor = this.inside(attempt).get('executor');
      return executor === undefined ? [] : this.pods(executor);
    });
  }

  /** Name of the pod of a node (clusters.md section 7.5). */
  podName(node: ArgoNode): string {
    return this._podNamesAreIds
      ? node.id
      : `${this.workflow}-${node.template}-${node.id.slice(this.workflow.length + 1)}`;
  }
}

function nodesOf(status: Fields): Fields {
  const plain = fields(status['nodes']);
  if (Object.keys(plain).length > 0) {
    return plain;
  }
  const packed = text(status['compressedNodes']);
  if (packed === '') {
    return {};
  }
  try {
    return fields(
      JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8'))
    );
  } catch {
    return {}; // as if nothing had been reported yet
  }
}

function readNode(value: Fields): ArgoNode {
  const parameters = fields(value['outputs'])['parameters'];
  const startedAt = text(value['startedAt']);
  const finishedAt = text(value['finishedAt']);
  return {
    id: text(value['id']),
    name: text(value['name']),
    type: text(value['type']),
    template: text(value['templateName']),
    phase: text(value['phase']),
    message: text(value['message']),
    ...(startedAt === '' ? {} : { startedAt }),
    ...(finishedAt === '' ? {} : { finishedAt }),
    boundary: text(value['boundaryID']),
    outputs: Object.fromEntries(
      (Array.isArray(parameters) ? (parameters as unknown[]) : []).map(item => [
        text(fields(item)['name']),
        text(fields(item)['value'])
      ])
    )
  };
}
