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
    const paths = Object.keys(described.paths);
    assert.ok(
      paths.includes('/c/local/apis/v2beta1/runs/{id}:terminate'),
      paths.join('\n')
    );
  } finally {
    await app.close();
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
