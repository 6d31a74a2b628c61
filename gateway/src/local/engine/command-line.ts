/** Placeholders in commands and arguments: parsed once, replaced in one pass, results are never searched again. */
import type { Json } from 'jupyterlab-kfp-model';
import { canonicalJson, valueText } from 'jupyterlab-kfp-model';

import { artifactPath } from './artifact-path.ts';
import { runPlaceholder, type RunFacts } from './constants.ts';
import { runtimeArtifact, type AttemptPaths } from './executor-input.ts';
import type { StoredArtifact } from './contract.ts';
import type { TaskNode } from './task-node.ts';

const PLACEHOLDER =
  /\{\{\$(?:\.([a-z_]+))?(?:\.([a-z_]+))?(?:\[(?:'([^'\]]*)'|"([^"\]]*)")\])?(?:\.([a-z_]+))?(?:\[(?:'([^'\]]*)'|"([^"\]]*)")\])?\}\}/g;

/** Fills the placeholders of one attempt. */
export class CommandLine {
  private readonly _node: TaskNode;
  private readonly _facts: RunFacts;
  private readonly _paths: AttemptPaths;

  constructor(node: TaskNode, facts: RunFacts, paths: AttemptPaths) {
    this._node = node;
    this._facts = facts;
    this._paths = paths;
  }

  /** Arguments after replacement; an `IfPresent` may give several or none. */
  list(words: readonly string[]): readonly string[] {
    return words.flatMap(word => this._word(word));
  }

  /** One text, for images and resource strings. */
  text(text: string): string {
    return text.replace(PLACEHOLDER, (...found: unknown[]) => {
      const whole = String(found[0]);
      const [section, kind, key1, key2, attribute, item1, item2] = found.slice(
        1,
        8
      ) as (string | undefined)[];
      return (
        this._value({
          section,
          kind,
          key: key1 ?? key2,
          attribute,
          item: item1 ?? item2
        }) ?? whole
      );
    });
  }

  private _word(word: string): readonly string[] {
    if (word.startsWith('{"')) {
      const parsed = structured(word);
      if (parsed !== undefined) {
        return this._structured(parsed);
      }
    }
    return [this.text(word)];
  }

  private _structured(value: Json): readonly string[] {
    if (typeof value === 'string') {
      return [this.text(value)];
    }
    if (Array.isArray(value)) {
      return (value as readonly Json[]).flatMap(item => this._structured(item));
    }
    if (typeof value !== 'object' || value === null) {
      return [valueText(value)];
    }
    const object = value as { readonly [key: string]: Json };
    const concat = object['Concat'];
    if (concat !== undefined) {
      return [this._structured(concat).join('')];
    }
    const choice = object['IfPresent'];
    if (
      typeof choice === 'object' &&
      choice !== null &&
      !Array.isArray(choice)
    ) {
      const parts = choice as { readonly [key: string]: Json };
      const chosen = this._isPresent(String(parts['InputName'] ?? ''))
        ? parts['Then']
        : parts['Else'];
      return chosen === undefined ? [] : this._structured(chosen);
    }
    return [JSON.stringify(value)];
  }

  private _isPresent(name: string): boolean {
    const { inputs, outputs } = this._paths;
    const value = inputs.parameters[name];
    return (
      (value !== undefined && value !== null) ||
      inputs.artifacts[name] !== undefined ||
      outputs.parameters[name] !== undefined ||
      outputs.artifacts[name] !== undefined
    );
  }

  private _value(reference: {
    section: string | undefined;
    kind: string | undefined;
    key: string | undefined;
    attribute: string | undefined;
    item: string | undefined;
  }): string | undefined {
    const { section, kind, key } = reference;
    if (section === undefined) {
      return key === undefined
        ? JSON.stringify(this._paths.executorInput)
        : undefined;
    }
    if (kind === undefined) {
      return key === undefined
        ? runPlaceholder(section, this._facts, this._node)
        : undefined;
    }
    if (section === 'outputs' && kind === 'output_file' && key === undefined) {
      return this._paths.outputs.outputFile;
    }
    if (key === undefined) {
      return undefined;
    }
    if (kind === 'parameters') {
      return this._parameter(section, key, reference.attribute);
    }
    return kind === 'artifacts'
      ? this._artifact(section, key, reference.attribute, reference.item)
      : undefined;
  }

  private _parameter(
    section: string,
    key: string,
    attribute: string | undefined
  ): string | undefined {
    if (section === 'inputs' && attribute === undefined) {
      const value = this._paths.inputs.parameters[key];
      const declared =
        this._node.component.inputDefinitions?.parameters?.[key] !== undefined;
      return value === undefined
        ? declared
          ? ''
          : undefined
        : valueText(value);
    }
    return section === 'outputs' && attribute === 'output_file'
      ? this._paths.outputs.parameters[key]?.file
      : undefined;
  }

  private _artifact(
    section: string,
    key: string,
    attribute: string | undefined,
    item: string | undefined
  ): string | undefined {
    const list =
      section === 'inputs'
        ? this._paths.inputs.artifacts[key]
        : section === 'outputs'
          ? this._outputArtifact(key)
          : undefined;
    if (list === undefined) {
      const declared =
        section === 'inputs' &&
        this._node.component.inputDefinitions?.artifacts?.[key] !== undefined;
      return declared ? '' : undefined;
    }
    const first = list[0];
    switch (attribute) {
      case undefined:
        return JSON.stringify(list.map(artifact => runtimeArtifact(artifact)));
      case 'uri':
        return first?.uri ?? '';
      case 'path':
        return first === undefined ? '' : artifactPath(first.uri);
      case 'metadata':
        return item === undefined
          ? canonicalJson({ ...first?.metadata })
          : valueText(first?.metadata[item] ?? null);
      default:
        return undefined;
    }
  }

  private _outputArtifact(key: string): readonly StoredArtifact[] | undefined {
    const output = this._paths.outputs.artifacts[key];
    const spec = this._node.component.outputDefinitions?.artifacts?.[key];
    return output === undefined || spec === undefined
      ? undefined
      : [
          {
            artifactId: '',
            name: key,
            type: spec.artifactType,
            uri: output.uri,
            metadata: { ...spec.metadata }
          }
        ];
  }
}

function structured(word: string): Json | undefined {
  try {
    const parsed = JSON.parse(word) as Json;
    return typeof parsed === 'object' &&
      parsed !== null &&
      ('IfPresent' in parsed || 'Concat' in parsed) &&
      Object.keys(parsed).length === 1
      ? parsed
      : undefined;
  } catch {
    return undefined; // an argument that only looks like JSON
  }
}
