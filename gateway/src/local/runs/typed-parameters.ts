/** v1beta1 parameters are text: give them the types that the pipeline declares. */
import type { Json, PipelineDocument } from 'jupyterlab-kfp-model';

/** Values by declared type; a text that does not fit stays text, and the check of the run says so. */
export function typedParameters(
  document: PipelineDocument,
  given: Readonly<Record<string, Json>>
): Readonly<Record<string, Json>> {
  const declared = document.spec.root.inputDefinitions?.parameters ?? {};
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const type = Object.hasOwn(declared, name)
        ? declared[name]?.parameterType
        : undefined;
      return [
        name,
        typeof value !== 'string' || type === undefined || type === 'STRING'
          ? value
          : fromText(type, value)
      ];
    })
  );
}

function fromText(type: string, text: string): Json {
  // Python writes its booleans with a capital letter.
  const json = type === 'BOOLEAN' ? text.toLowerCase() : text;
  try {
    return JSON.parse(json) as Json;
  } catch {
    return text;
  }
}
