import { componentCode, parsePipelineText } from 'jupyterlab-kfp-model';

/** What the container of a component runs. */
export interface IComponentSource {
  /** Its name in the pipeline. */
  readonly name: string;
  readonly image: string;
  /** Packages that are installed before it runs. */
  readonly packages: readonly string[];
  /** The Python function it was made of, else its command, a word a line. */
  readonly text: string;
}

/** The components of a pipeline as they were written; none where the text is no pipeline of KFP 2. */
export function componentSources(text: string): readonly IComponentSource[] {
  const pipeline = parsePipelineText(text);
  return pipeline.format === 'ir'
    ? componentCode(pipeline.document).map(component => ({
        name: component.key.replace(/^comp-/, ''),
        image: component.image,
        packages: component.packages ?? [],
        text: component.source?.trim() ?? (component.command ?? []).join('\n')
      }))
    : [];
}
