import { sampleTask, sampleView } from '../testing/sample-view';
import { volumesOf } from './volumes';

/** Two tasks mount a claim that a third makes, one of them inside of a loop. */
const PIPELINE = `
pipelineInfo: {name: with-volume}
schemaVersion: 2.1.0
sdkVersion: kfp-2.15.2
components:
  comp-use:
    executorLabel: exec-use
  comp-createpvc:
    executorLabel: exec-createpvc
    inputDefinitions:
      parameters:
        size: {parameterType: STRING}
        pvc_name_suffix: {parameterType: STRING, isOptional: true}
    outputDefinitions:
      parameters:
        name: {parameterType: STRING}
deploymentSpec:
  executors:
    exec-use: {container: {image: python}}
    exec-createpvc: {container: {image: argostub/createpvc}}
root:
  inputDefinitions:
    parameters:
      room: {parameterType: STRING, defaultValue: 1Gi}
  dag:
    tasks:
      createpvc:
        componentRef: {name: comp-createpvc}
        inputs:
          parameters:
            size: SIZE
        taskInfo: {name: createpvc}
      use:
        componentRef: {name: comp-use}
        dependentTasks: [createpvc]
        taskInfo: {name: use}
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-use:
          pvcMount:
          - mountPath: /data
            taskOutputParameter: {outputParameterKey: name, producerTask: createpvc}
          - mountPath: /old
            constant: kept
          emptyDirMounts:
          - volumeName: scratch
            mountPath: /scratch
            sizeLimit: 2Gi
`;

describe('volumesOf', () => {
  it('knows the size that a claim was made with, and its name once it is made', () => {
    const text = PIPELINE.replace('SIZE', '{runtimeValue: {constant: 5Mi}}');
    expect(volumesOf(text)).toEqual([
      {
        name: 'createpvc.name',
        kind: 'claim',
        size: '5Mi',
        mounts: [{ component: 'use', path: '/data' }]
      },
      {
        name: 'kept',
        kind: 'claim',
        mounts: [{ component: 'use', path: '/old' }]
      },
      {
        name: 'scratch',
        kind: 'empty',
        size: '2Gi',
        mounts: [{ component: 'use', path: '/scratch' }]
      }
    ]);
    const view = sampleView([
      sampleTask({
        id: 't1',
        vertex: 'createpvc',
        state: 'SUCCEEDED',
        outputs: [
          { name: 'name', kind: 'param', type: 'STRING', json: '"run-1-data"' }
        ]
      })
    ]);
    expect(volumesOf(text, view)[0]).toMatchObject({
      name: 'run-1-data',
      size: '5Mi'
    });
  });

  it('takes a size from a parameter of the run', () => {
    const text = PIPELINE.replace('SIZE', '{componentInputParameter: room}');
    const view = sampleView([]);
    const run = {
      ...view.run,
      parameters: [
        {
          name: 'room',
          type: 'STRING',
          json: '"7Gi"',
          origin: 'given' as const
        }
      ]
    };
    expect(volumesOf(text, { ...view, run })[0].size).toBe('7Gi');
  });
});
