import type {
  ExperimentSummary,
  PipelineSummary,
  PipelineVersionSummary
} from 'jupyterlab-kfp-model';

/** Names that went through the page already: a completion offers them and asks nobody. */
export class SeenNames {
  /** Pipelines on the services, as people read them. */
  readonly pipelines = new Set<string>();
  /** `train@v2`, as lines name a version. */
  readonly versions = new Set<string>();
  readonly experiments = new Set<string>();
  readonly namespaces = new Set<string>();

  /** Note the namespace of a request. */
  inNamespace(name: string | undefined): void {
    if (name) {
      this.namespaces.add(name);
    }
  }

  /** Note a page of pipelines. */
  notePipelines(pipelines: readonly PipelineSummary[]): void {
    for (const { display_name, pipeline_id } of pipelines) {
      this.pipelines.add(display_name);
      this._pipelineNames.set(pipeline_id, display_name);
    }
  }

  /** Note the versions of a pipeline. */
  noteVersions(
    pipelineId: string,
    versions: readonly PipelineVersionSummary[]
  ): void {
    const pipeline = this._pipelineNames.get(pipelineId);
    for (const { display_name } of pipeline === undefined ? [] : versions) {
      this.versions.add(`${pipeline}@${display_name}`);
    }
  }

  /** Note the experiments of a service. */
  noteExperiments(experiments: readonly ExperimentSummary[]): void {
    for (const { name } of experiments) {
      this.experiments.add(name);
    }
  }

  private readonly _pipelineNames = new Map<string, string>();
}
