/** The code of a pipeline's components, to compare pipelines and to run a function outside of its task. */
import type { ComponentSpec, PipelineDocument } from './ir.ts';
import { recogniseLightweight } from './lightweight.ts';

/** One component that runs a container. */
export interface ComponentCode {
  /** Key in the document, for example `comp-train`; vertices of the graph name it. */
  readonly key: string;
  readonly image: string;
  /** Python source and the function in it, for components made of a function. */
  readonly source?: string;
  readonly function?: string;
  readonly packages?: readonly string[];
  /** Command and arguments; those of Python components are the SDK's and say nothing. */
  readonly command?: readonly string[];
  readonly inputs: readonly ComponentPort[];
  readonly outputs: readonly ComponentPort[];
}

export interface ComponentPort {
  readonly name: string;
  /** Parameter type, or schema title such as `system.Model`. */
  readonly type: string;
  readonly kind: 'param' | 'artifact';
}

/** List the components of a pipeline that run containers, in the order of the document. */
export function componentCode({ spec }: PipelineDocument): ComponentCode[] {
  return Object.entries(spec.components).flatMap(
    ([key, component]): ComponentCode[] => {
      const executor =
        spec.deploymentSpec.executors[component.executorLabel ?? ''];
      if (executor?.kind !== 'container') {
        return [];
      }
      const { image, command, args } = executor.container;
      const python = recogniseLightweight(command, args);
      return [
        {
          key,
          image,
          ...(python?.kind === 'lightweight'
            ? {
                source: python.source,
                function: python.functionName,
                packages: python.packages
              }
            : { command: [...command, ...args] }),
          inputs: portsOf(component.inputDefinitions),
          outputs: portsOf(component.outputDefinitions)
        }
      ];
    }
  );
}

function portsOf(
  definitions: ComponentSpec['inputDefinitions']
): ComponentPort[] {
  const { parameters, artifacts } = definitions ?? {};
  return [
    ...Object.entries(parameters ?? {}).map(
      ([name, { parameterType }]): ComponentPort => ({
        name,
        type: parameterType,
        kind: 'param'
      })
    ),
    ...Object.entries(artifacts ?? {}).map(
      ([name, { artifactType }]): ComponentPort => ({
        name,
        type: artifactType.schemaTitle ?? 'system.Artifact',
        kind: 'artifact'
      })
    )
  ];
}
