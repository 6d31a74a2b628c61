/** Artifacts in the shape of KFP 3.0, read only (deviation D5). */
import type { FastifyInstance } from 'fastify';

import type { StoredArtifact, TaskRecord } from '../engine/contract.ts';
import { notFound } from '../store/service-error.ts';
import {
  queryText,
  wrapListOptions,
  listRequest,
  type Query
} from './list-request.ts';
import { mapField, message } from './answer-message.ts';
import { pathText, queryOf, type RouteContext } from './route-context.ts';
import { pageMessage } from './resource-routes.ts';
import { answers } from './route-schema.ts';
import { pageOf } from './tasks-3.ts';

/** Words of 3.0's `Artifact.ArtifactType` by schema title. */
const TYPES: Readonly<Record<string, string>> = {
  'system.Model': 'Model',
  'system.Dataset': 'Dataset',
  'system.HTML': 'HTML',
  'system.Markdown': 'Markdown',
  'system.Metrics': 'Metric',
  'system.ClassificationMetrics': 'ClassificationMetric',
  'system.SlicedClassificationMetrics': 'SlicedClassificationMetric'
};

export function artifactListRoutes(
  app: FastifyInstance,
  { store, engine }: RouteContext
): void {
  app.get(
    '/apis/v2beta1/artifacts',
    answers('ListArtifacts'),
    async request => {
      const list = listRequest(queryOf(request), 'v2');
      const page = wrapListOptions('Failed to list artifacts', () =>
        store.artifacts.list(list.options())
      );
      return pageMessage('artifacts', page, artifactToWire);
    }
  );
  app.get(
    '/apis/v2beta1/artifacts/:id',
    answers('GetArtifact'),
    async request => {
      const id = pathText(request, 'id');
      const found = store.artifacts.find(id);
      if (found === undefined) {
        throw notFound('Artifact', id).wrap('Failed to get an artifact');
      }
      return artifactToWire(found);
    }
  );
  app.get(
    '/apis/v2beta1/artifact_tasks',
    answers('ListArtifactTasks'),
    async request => {
      const query = queryOf(request);
      const taskIds = listOf(query, 'task_ids');
      const artifactIds = listOf(query, 'artifact_ids');
      const runIds = new Set([
        ...listOf(query, 'run_ids'),
        ...taskIds.flatMap(id => engine.task(id)?.runId ?? []),
        ...artifactIds.flatMap(id => store.artifacts.runOf(id) ?? [])
      ]);
      const type = queryText(query, 'type');
      const rows = [...runIds]
        .flatMap(runId => engine.tasks(runId))
        .filter(task => taskIds.length === 0 || taskIds.includes(task.taskId))
        .flatMap(usesOf)
        .filter(
          use =>
            (artifactIds.length === 0 ||
              artifactIds.includes(use.artifact_id)) &&
            (type === '' || use.type === type)
        );
      const page = pageOf(rows, query);
      return message({
        artifact_tasks: page.rows,
        total_size: rows.length,
        next_page_token: page.next
      });
    }
  );
}

/** An artifact of an answer. */
export function artifactToWire(
  artifact: StoredArtifact
): Record<string, unknown> {
  return message({
    artifact_id: artifact.artifactId,
    name: artifact.name,
    type: TYPES[artifact.type.schemaTitle ?? ''] ?? 'Artifact',
    uri: artifact.uri,
    metadata: mapField(artifact.metadata)
  });
}

interface ArtifactUse {
  readonly id: string;
  readonly artifact_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly type: 'INPUT' | 'OUTPUT';
  readonly key: string;
}

function usesOf(task: TaskRecord): readonly ArtifactUse[] {
  return (['INPUT', 'OUTPUT'] as const).flatMap(type =>
    Object.entries(
      (type === 'INPUT' ? task.inputs : task.outputs).artifacts
    ).flatMap(([key, list]) =>
      list.map(artifact => ({
        id: `${task.taskId}/${type}/${key}/${artifact.artifactId}`,
        artifact_id: artifact.artifactId,
        run_id: task.runId,
        task_id: task.taskId,
        type,
        key
      }))
    )
  );
}

function listOf(query: Query, name: string): readonly string[] {
  const value = query[name];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter(
    (item): item is string => typeof item === 'string' && item !== ''
  );
}
