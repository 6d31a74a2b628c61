import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

import fastify from 'fastify';

import { createLocalService } from '../service.ts';
import { ScriptedEngine } from './scripted-engine.ts';

it('describes its routes as OpenAPI, below any prefix', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kfp-openapi-'));
  const service = await createLocalService({
    dataDir: folder,
    configDir: folder,
    version: '1.2.3',
    createEngine: () => new ScriptedEngine()
  });
  const app = fastify();
  const routes: { method: string; path: string }[] = [];
  app.addHook('onRoute', route => {
    for (const method of [route.method].flat()) {
      if (method !== 'HEAD' && route.schema?.hide !== true) {
        routes.push({ method: method.toLowerCase(), path: shown(route.url) });
      }
    }
  });
  await app.register(service.plugin, { prefix: '/c/local' });
  try {
    const answer = await app.inject('/c/local/apis/openapi.json');
    const described: {
      info: { version: string };
      paths: Record<
        string,
        Record<string, { operationId?: string; requestBody?: unknown }>
      >;
    } = answer.json();
    assert.equal(described.info.version, '1.2.3');
    const operations = Object.values(described.paths).flatMap(path =>
      Object.values(path).map(operation => operation.operationId)
    );
    for (const name of [
      'CreateRun',
      'terminateRun',
      'UploadPipeline',
      'ListRecurringRuns',
      'ReadRunLog',
      'ReadArtifact'
    ]) {
      assert.ok(operations.includes(name), `${name} in ${operations.join()}`);
    }
    assert.ok(routes.length > 70, `${routes.length} routes`);
    for (const { method, path } of routes) {
      const operation = described.paths[path]?.[method];
      assert.ok(operation !== undefined, `${method} ${path} is not described`);
      assert.ok(
        operation.operationId !== undefined || path.endsWith('/healthz'),
        `${method} ${path} has no name`
      );
    }
    const named = operations.filter(name => name !== undefined);
    assert.deepEqual(
      named.filter((name, at) => named.indexOf(name) !== at),
      [],
      'names that stand twice'
    );
  } finally {
    await app.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A path as OpenAPI writes it: `:id([^:/]+)::archive` is `{id}:archive`. */
function shown(url: string): string {
  return url
    .replaceAll('::', '\u0000')
    .replace(/:(\w+)(\([^)]*\))?/g, '{$1}')
    .replaceAll('\u0000', ':');
}
