/** Collects what an attempt wrote: the executor's output file first, then parameter files for what is missing. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Json } from 'jupyterlab-kfp-model';
import type {
  AttemptOutputs,
  AttemptSpec,
  OutputArtifact
} from './contract.ts';

const LIMIT = 4 * 1024 * 1024;

/** The outputs, or why they cannot be read; `outputs` holds what could be. */
export interface Collected {
  readonly outputs: AttemptOutputs;
  readonly warnings: readonly string[];
  /** First reason for failure; absent when all is well. */
  readonly error?: string;
}

type JsonObject = { readonly [key: string]: Json };

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** At most 4 MB: read at once, which is quicker than by the thread pool. */
function readBounded(file: string): string | undefined {
  try {
    const { size } = statSync(file);
    if (size > LIMIT) {
      throw new Error(
        `${path.basename(file)} is ${(size / 1048576).toFixed(1)} MB, the limit is 4 MB`
      );
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** Parses a parameter file by its declared type; throws a sentence. */
export function parseParameter(type: string, value: string): Json {
  const trimmed = value.trim();
  switch (type) {
    case 'NUMBER_INTEGER':
    case 'NUMBER_DOUBLE': {
      const number = Number(trimmed);
      if (trimmed === '' || !Number.isFinite(number)) {
        throw new Error(`"${trimmed.slice(0, 80)}" is not a number`);
      }
      return number;
    }
    case 'BOOLEAN':
      if (/^(1|t|true)$/i.test(trimmed)) {
        return true;
      }
      if (/^(0|f|false)$/i.test(trimmed)) {
        return false;
      }
      throw new Error(`"${trimmed.slice(0, 80)}" is not a boolean`);
    case 'LIST':
    case 'STRUCT':
      return JSON.parse(value) as Json;
    default:
      return value;
  }
}

/** Reads all outputs of an ended attempt. */
export async function collectOutputs(spec: AttemptSpec): Promise<Collected> {
  const parameters: Record<string, Json> = {};
  const artifacts: Record<string, readonly OutputArtifact[]> = {};
  const warnings: string[] = [];
  let error: string | undefined;
  let written: JsonObject = {};
  try {
    const raw = readBounded(spec.outputs.outputFile);
    if (raw !== undefined && raw.trim() !== '') {
      try {
        written = object(JSON.parse(raw) as Json);
      } catch {
        error = `executor output is not valid JSON${/\b(NaN|-?Infinity)\b/.test(raw) ? ': a value is NaN or infinite, which JSON does not know' : ''}`;
      }
    }
  } catch (reason) {
    error = (reason as Error).message;
  }
  const values = object(written.parameterValues ?? written.parameter_values);
  for (const [name, { type, file }] of Object.entries(
    spec.outputs.parameters
  )) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) {
      parameters[name] = value;
      continue;
    }
    try {
      const raw = readBounded(file);
      if (raw === undefined) {
        error ??= `failed to read output parameter name="${name}" type="${type}" path="${file}"`;
      } else {
        parameters[name] = parseParameter(type, raw);
      }
    } catch (reason) {
      error ??= `failed to read output parameter name="${name}" type="${type}" path="${file}": ${(reason as Error).message}`;
    }
  }
  const started = object(object(object(spec.executorInput).outputs).artifacts);
  const changed = object(written.artifacts);
  for (const [name, { uri, path: target }] of Object.entries(
    spec.outputs.artifacts
  )) {
    const initial = firstArtifact(started[name]);
    const update = firstArtifact(changed[name]);
    const type = object(initial.type);
    const customPath = text(update.customPath) ?? text(update.custom_path);
    const finalUri = text(update.uri) ?? uri;
    if (customPath !== undefined) {
      try {
        await cp(path.resolve(spec.folder, customPath), target, {
          recursive: true
        });
      } catch (reason) {
        error ??= `cannot copy artifact "${name}" from ${customPath}: ${(reason as Error).message}`;
      }
    } else if (finalUri === uri && !existsSync(target)) {
      warnings.push(`artifact "${name}" was not written`);
    }
    artifacts[name] = [
      {
        name: text(update.name) ?? name,
        type: {
          ...optional('schemaTitle', text(type.schemaTitle)),
          ...optional('instanceSchema', text(type.instanceSchema)),
          ...optional('schemaVersion', text(type.schemaVersion))
        },
        uri: finalUri,
        metadata: { ...object(initial.metadata), ...object(update.metadata) },
        ...optional('customPath', customPath)
      }
    ];
  }
  return {
    outputs: { parameters, artifacts },
    warnings,
    ...optional('error', error)
  };
}

function firstArtifact(list: Json | undefined): JsonObject {
  const items = object(list).artifacts;
  return object(Array.isArray(items) ? (items[0] as Json) : undefined);
}

function optional<K extends string>(
  key: K,
  value: string | undefined
): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}
