import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parsePipelineDocuments, parsePipelineText } from '../spec/parse-ir.ts';
import { bundleBytes, MAX_BUNDLE_BYTES } from './caps.ts';
import {
  buildPipelineBundle,
  type PipelineBundleInput
} from './pipeline-bundle.ts';
import { PIPELINE_MIME_TYPE } from './types.ts';

const DIGEST = `sha256:${'3f'.repeat(32)}`;

function pipelineOf(
  parameters: Record<string, object>,
  description?: string
): PipelineBundleInput['pipeline'] {
  const parsed = parsePipelineDocuments([
    {
      pipelineInfo: { name: 'train', ...(description && { description }) },
      schemaVersion: '2.1.0',
      sdkVersion: 'kfp-2.17.3',
      root: {
        dag: { tasks: { load: { componentRef: { name: 'comp-load' } } } },
        inputDefinitions: { parameters }
      },
      components: { 'comp-load': { executorLabel: 'exec-load' } },
      deploymentSpec: {
        executors: { 'exec-load': { container: { image: 'python:3.12' } } }
      }
    }
  ]);
  assert.ok(parsed.format === 'ir', JSON.stringify(parsed));
  return parsed;
}

describe('buildPipelineBundle', () => {
  it('describes a draft', () => {
    const { payload, bundle } = buildPipelineBundle({
      pipeline: pipelineOf({
        rows: { parameterType: 'NUMBER_INTEGER', defaultValue: 100 },
        lr: {
          parameterType: 'NUMBER_DOUBLE',
          defaultValue: 0.1,
          isOptional: true
        },
        token: { parameterType: 'STRING', defaultValue: 'hunter2' },
        mode: { parameterType: 'STRING', literals: ['fast', 'slow'] }
      }),
      digest: DIGEST,
      size: 14000,
      lint: [
        {
          rule: 'KFP302',
          severity: 'warning',
          message: '"pandas" has no version',
          line: 4
        },
        {
          rule: 'KFP306',
          severity: 'info',
          message: 'Image tag can change.',
          where: 'cell In[2]',
          line: 8
        }
      ],
      order: ['mode', 'rows']
    });
    assert.equal(bundle[PIPELINE_MIME_TYPE], payload);
    assert.equal(
      bundle['text/plain'],
      'Pipeline train (not sent): 1 task; parameters mode: str, rows: int = 100, lr: float = 0.1, token: str = "••••"\n' +
        '  warning KFP302: "pandas" has no version (line 4)\n' +
        '  info KFP306: Image tag can change. (cell In[2], line 8)'
    );
    assert.match(
      bundle['text/html'],
      /^<strong>Pipeline train<\/strong> \(not sent\): 1 task\n<ul>/
    );
    assert.match(bundle['text/html'], /\n<li>load: python:3.12<\/li>\n/);
    assert.equal(payload.sdk, 'kfp 2.17.3');
    assert.deepEqual(payload.components, [
      { name: 'load', image: 'python:3.12' }
    ]);
    assert.deepEqual(
      payload.inputs.find(({ name }) => name === 'mode')?.literals,
      ['"fast"', '"slow"']
    );
    assert.equal(payload.graph.v, 'load');
  });

  it('reads the signature of a workflow of KFP 1.x', () => {
    const parsed = parsePipelineText(
      JSON.stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: {
          generateName: 'old-',
          annotations: {
            'pipelines.kubeflow.org/kfp_sdk_version': '1.8.22',
            'pipelines.kubeflow.org/pipeline_spec': JSON.stringify({
              description: 'An old one',
              inputs: [{ name: 'rows', optional: true }]
            })
          }
        },
        spec: {
          arguments: {
            parameters: [{ name: 'rows', value: '7' }, { name: 'x' }]
          },
          templates: [
            { name: 'load', container: { image: 'busybox' } },
            { name: 'old', dag: {} }
          ]
        }
      })
    );
    assert.ok(parsed.format === 'argo', JSON.stringify(parsed));
    const { payload, bundle } = buildPipelineBundle({
      pipeline: parsed,
      digest: DIGEST,
      size: 1
    });
    assert.equal(payload.format, 'argo');
    assert.equal(payload.description, 'An old one');
    assert.deepEqual(payload.inputs, [
      { name: 'rows', type: 'STRING', default: '"7"', optional: true },
      { name: 'x', type: 'STRING', optional: false }
    ]);
    assert.deepEqual(payload.components, [{ name: 'load', image: 'busybox' }]);
    assert.equal(
      bundle['text/plain'],
      'Pipeline old (not sent); parameters rows: str = "7", x: str'
    );
  });

  it('fits into 64 KiB whatever the pipeline says', () => {
    const name = fc.string({ minLength: 1, maxLength: 200 });
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('火'.repeat(2000), '<"\\>'.repeat(500))
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 130 }),
        text,
        fc.array(text, { minLength: 1, maxLength: 80 }),
        (names, description, literals) => {
          const pipeline = pipelineOf(
            Object.fromEntries(
              names.map(each => [
                each,
                {
                  parameterType: 'STRING',
                  description,
                  defaultValue: description,
                  literals
                }
              ])
            ),
            description
          );
          const input: PipelineBundleInput = {
            pipeline,
            digest: DIGEST,
            size: 1,
            lint: literals.map(message => ({
              rule: 'KFP101',
              severity: 'error',
              message
            }))
          };
          const { bundle } = buildPipelineBundle(input);
          assert.ok(bundleBytes(bundle) <= MAX_BUNDLE_BYTES);
          assert.equal(
            JSON.stringify(buildPipelineBundle(input).bundle),
            JSON.stringify(bundle)
          );
        }
      ),
      { numRuns: 40 }
    );
  });
});
