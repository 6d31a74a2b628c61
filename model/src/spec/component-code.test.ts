import assert from 'node:assert/strict';
import test from 'node:test';

import { componentCode } from './component-code.ts';
import { parsePipelineText } from './parse-ir.ts';

const SCRIPT =
  'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main                         --component_module_path                         "$program_path/ephemeral_component.py"                         "$@"\n';

const PIPELINE = {
  pipelineInfo: { name: 'p' },
  schemaVersion: '2.1.0',
  sdkVersion: 'kfp-2.17.0',
  deploymentSpec: {
    executors: {
      'exec-add': {
        container: {
          image: 'python:3.12',
          command: [
            'sh',
            '-ec',
            SCRIPT,
            'def add(a: int) -> int:\n    return a\n'
          ],
          args: ['--executor_input', '{{$}}', '--function_to_execute', 'add']
        }
      },
      'exec-echo': {
        container: { image: 'alpine', command: ['echo'], args: ['hi'] }
      }
    }
  },
  components: {
    'comp-add': {
      executorLabel: 'exec-add',
      inputDefinitions: {
        parameters: { a: { parameterType: 'NUMBER_INTEGER' } }
      },
      outputDefinitions: {
        parameters: { Output: { parameterType: 'NUMBER_INTEGER' } }
      }
    },
    'comp-echo': { executorLabel: 'exec-echo' }
  },
  root: {
    dag: {
      tasks: {
        add: {
          componentRef: { name: 'comp-add' },
          taskInfo: { name: 'add' },
          inputs: { parameters: { a: { runtimeValue: { constant: 1 } } } }
        },
        echo: {
          componentRef: { name: 'comp-echo' },
          taskInfo: { name: 'echo' }
        }
      }
    }
  }
};

test('functions come with their source, containers with their command', () => {
  const parsed = parsePipelineText(JSON.stringify(PIPELINE));
  assert.equal(parsed.format, 'ir');
  if (parsed.format !== 'ir') {
    return;
  }
  const [add, echo] = componentCode(parsed.document);
  assert.equal(add?.function, 'add');
  assert.match(add?.source ?? '', /^def add/);
  assert.deepEqual(add?.inputs, [
    { name: 'a', type: 'NUMBER_INTEGER', kind: 'param' }
  ]);
  assert.equal(add?.command, undefined);
  assert.deepEqual(echo?.command, ['echo', 'hi']);
});
