/** The pipeline of the recorded runs as it was submitted. */
export const SOURCE = `# PIPELINE DEFINITION
# Name: train
components:
  comp-createpvc:
    executorLabel: exec-createpvc
    inputDefinitions:
      parameters:
        size: {parameterType: STRING}
    outputDefinitions:
      parameters:
        name: {parameterType: STRING}
  comp-load:
    executorLabel: exec-load
  comp-train:
    executorLabel: exec-train
deploymentSpec:
  executors:
    exec-createpvc:
      container: {image: argostub/createpvc}
    exec-load:
      container: {image: "python:3.11"}
    exec-train:
      container: {image: "python:3.11"}
pipelineInfo:
  name: train
root:
  dag:
    tasks:
      createpvc:
        componentRef: {name: comp-createpvc}
        inputs:
          parameters:
            size: {runtimeValue: {constant: 20Gi}}
        taskInfo: {name: createpvc}
      load:
        componentRef: {name: comp-load}
        dependentTasks: [createpvc]
        taskInfo: {name: load}
      train:
        componentRef: {name: comp-train}
        dependentTasks: [createpvc, load]
        taskInfo: {name: train}
schemaVersion: 2.1.0
sdkVersion: kfp-2.17.3
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-load:
          pvcMount:
          - mountPath: /data
            taskOutputParameter: {outputParameterKey: name, producerTask: createpvc}
        exec-train:
          pvcMount:
          - mountPath: /data
            taskOutputParameter: {outputParameterKey: name, producerTask: createpvc}
          emptyDirMounts:
          - {volumeName: scratch, mountPath: /scratch, sizeLimit: 2Gi}
          secretAsVolume:
          - {secretName: s3-credentials, mountPath: /etc/s3}
`;
