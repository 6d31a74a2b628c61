/** A compiled pipeline that was not sent. */
import type { PipelinePayload } from 'jupyterlab-kfp-model';

/** Five steps in a row, with a finding of the checks. */
export function draft(): PipelinePayload {
  return {
    schema: 'kfp.pipeline/1',
    name: 'train',
    format: 'ir',
    sdk: 'kfp 2.17.3',
    ir_digest: `sha256:${'3f9c1f1e'.repeat(8)}`,
    size: 14_200,
    graph: {
      v: 'load clean split train eval',
      e: '0-1 1-2 2-3 3-4',
      p: '- - - - -',
      k: 'TTTTT'
    },
    inputs: [
      { name: 'rows', type: 'NUMBER_INTEGER', default: '100', optional: true },
      { name: 'lr', type: 'NUMBER_DOUBLE', optional: false }
    ],
    components: [
      { name: 'load', image: 'python:3.11' },
      { name: 'train', image: 'pytorch:2.4' }
    ],
    lint: [
      {
        rule: 'KFP302',
        severity: 'warning',
        message: '"pandas" has no version',
        line: 4
      }
    ]
  };
}
