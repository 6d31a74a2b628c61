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

const MEGABYTE = 1024 * 1024;
/** Of one parameter. */
const LIMIT = 4 * MEGABYTE;
/** Of the executor's output file with everything in it. */
const FILE_LIMIT = 256 * MEGABYTE;

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

/** Read at once, which is quicker than by the thread pool; `undefined` when there is none. */
function readBounded(file: string, limit: number): string | undefined {
  try {
    const { size } = statSync(file);
    if (size > limit) {
      throw new TooLarge(size);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** A value that is too large to be a parameter. */
class TooLarge extends Error {
  constructor(size: number) {
    super(
      `is ${Math.ceil(size / MEGABYTE)} MB, the limit is ${LIMIT / MEGABYTE} MB; use an artifact`
    );
  }
}

const TRUE = /^(?:1|t|T|TRUE|true|True)$/;
const FALSE = /^(?:0|f|F|FALSE|false|False)$/;
const INTEGER = /^[+-]?\d+$/;
const DOUBLE = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const MAX_INTEGER = 2 ** 63;

/** Parses a parameter file by its declared type, as KFP's launcher does; throws a sentence. */
export function parseParameter(type: string, value: string): Json {
  const trimmed = value.trim();
  const no = (what: string): Error =>
    new Error(`"${trimmed.slice(0, 80)}" is not ${what}`);
  switch (type) {
    case 'NUMBER_INTEGER': {
      const number = Number(trimmed);
      if (!INTEGER.test(trimmed) || Math.abs(number) > MAX_INTEGER) {
        throw no('an integer');
      }
      return number;
    }
    case 'NUMBER_DOUBLE': {
      const number = Number(trimmed);
      if (!DOUBLE.test(trimmed) || !Number.isFinite(number)) {
        throw no('a number');
      }
      return number;
    }
    case 'BOOLEAN':
      if (TRUE.test(trimmed)) {
        return true;
      }
      if (FALSE.test(trimmed)) {
        return false;
      }
      throw no('a boolean');
    case 'LIST':
    case 'STRUCT': {
      let parsed: Json;
      try {
        parsed = JSON.parse(value) as Json;
      } catch {
        throw no('JSON');
      }
      const fits =
        type === 'LIST'
          ? Array.isArray(parsed)
          : typeof parsed === 'object' &&
            parsed !== null &&
            !Array.isArray(parsed);
      if (!fits) {
        throw no(`a ${type.toLowerCase()}`);
      }
      return parsed;
    }
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
    const raw = readBounded(spec.outputs.outputFile, FILE_LIMIT);
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
      const size = Buffer.byteLength(
        typeof value === 'string' ? value : JSON.stringify(value)
      );
      if (size > LIMIT) {
        error ??= `output parameter "${name}" ${new TooLarge(size).message}`;
      } else {
        parameters[name] = value;
      }
      continue;
    }
    try {
      const raw = readBounded(file, LIMIT);
      if (raw === undefined) {
        error ??= `failed to read output parameter name="${name}" type="${type}" path="${file}"`;
      } else {
        parameters[name] = parseParameter(type, raw);
      }
    } catch (reason) {
      error ??=
        reason instanceof TooLarge
          ? `output parameter "${name}" ${reason.message}`
          : `failed to read output parameter name="${name}" type="${type}" path="${file}": ${(reason as Error).message}`;
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
    } else if (
      finalUri === uri &&
      !existsSync(target) &&
      !isAllMetadata(type, update)
    ) {
      warnings.push(`artifact "${name}" was not written (artifact-missing)`);
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

/** Metrics are what a task logs to them; they have no file. */
function isAllMetadata(type: JsonObject, update: JsonObject): boolean {
  return (
    /Metrics$/.test(text(type.schemaTitle) ?? '') &&
    Object.keys(object(update.metadata)).length > 0
  );
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
