import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { extract } from 'tar-stream';

import { ScriptedEngine } from '../api/scripted-engine.ts';
import { ArtifactFiles, ArtifactMissing } from './artifact-files.ts';

describe('ArtifactFiles', () => {
  let folder: string;
  let files: ArtifactFiles;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kfp-artifacts-'));
    files = new ArtifactFiles(new ScriptedEngine(), folder);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const artifact = (uri: string) => ({
    artifactId: 'a',
    name: 'data',
    type: { schemaTitle: 'system.Dataset' },
    uri,
    metadata: {}
  });

  it('opens a file, relative to the data folder or not', async () => {
    writeFileSync(join(folder, 'x.csv'), 'a,b\n');
    for (const uri of ['x.csv', join(folder, 'x.csv')]) {
      const { info, body } = await files.open(artifact(uri));
      assert.equal(await text(body), 'a,b\n');
      assert.equal(info.size, 4);
    }
  });

  it('packs a folder without following links', async () => {
    mkdirSync(join(folder, 'model', 'sub'), { recursive: true });
    writeFileSync(join(folder, 'model', 'a.txt'), 'A');
    writeFileSync(join(folder, 'model', 'sub', 'empty'), '');
    symlinkSync('/etc/passwd', join(folder, 'model', 'link'));
    const { info, body } = await files.open(artifact('model'));
    assert.equal(info.is_folder, true);
    const names: string[] = [];
    const tar = gunzipSync(await buffer(body));
    for await (const entry of Readable.from([tar]).pipe(extract())) {
      names.push(entry.header.name);
      entry.resume();
    }
    assert.deepEqual(names, ['model/a.txt', 'model/sub/empty']);
  });

  it('says where a remote or lost artifact is', async () => {
    await assert.rejects(
      files.open(artifact('s3://bucket/x')),
      (error: unknown) =>
        error instanceof ArtifactMissing && /s3:\/\/bucket/.test(error.message)
    );
    await assert.rejects(files.open(artifact('away/gone')), {
      message: 'The artifact data is not at away/gone any more.'
    });
  });

  it('does not call lost what never had a file', async () => {
    await assert.rejects(files.open(artifact('none')), {
      message:
        'The artifact data has no file: nothing was written to none, or it was deleted.'
    });
    await assert.rejects(
      files.open({
        ...artifact('curve'),
        type: { schemaTitle: 'system.ClassificationMetrics' },
        metadata: { confidenceMetrics: [] }
      }),
      {
        message:
          'The artifact data has no file: ClassificationMetrics keep their values in the metadata.'
      }
    );
  });
});
