import type { PipelineInput } from 'jupyterlab-kfp-model';

import { CELL, LINE } from './is-ours';
import table from './verbs.json';

/** One completion: what is inserted, what it is, and a word about it. */
export interface ICandidate {
  readonly text: string;
  readonly kind: string;
  readonly about?: string;
}

/** What this page knows already; nothing is asked for a completion. */
export interface IKnown {
  readonly connections: readonly string[];
  /** Pipelines drawn in the notebook, with what they take. */
  readonly pipelines: ReadonlyMap<string, readonly PipelineInput[]>;
  /** Runs shown in the notebook: id and name, the newest last. */
  readonly runs: ReadonlyMap<string, string>;
  /** Paths of their tasks by the run's id. */
  readonly tasks: ReadonlyMap<string, readonly string[]>;
  /** Pipelines on a service. */
  readonly uploaded: readonly string[];
  /** Versions as lines name them, `train@v2`. */
  readonly versions: readonly string[];
  readonly experiments: readonly string[];
  readonly namespaces: readonly string[];
}

interface IOption {
  readonly name: string;
  readonly help: string;
  readonly short?: string;
  readonly value?: string;
  readonly choices?: readonly string[];
  readonly repeat?: boolean;
  readonly optional?: boolean;
}

interface IOwner {
  readonly name: string;
  readonly help: string;
  readonly options: readonly IOption[];
  readonly arguments?: readonly {
    readonly kind: string;
    readonly choices: readonly string[];
    readonly many: boolean;
  }[];
}

const VERBS: readonly IOwner[] = table.verbs;
const KINDS: readonly IOwner[] = table.kinds;

/**
 * What can stand at the end of a line of `%kfp` or `%%kfp`.
 *
 * @returns the word at the cursor and its candidates; undefined where the line is none of ours.
 */
export function complete(
  before: string,
  isFirstLine: boolean,
  known: IKnown
): { word: string; candidates: readonly ICandidate[] } | undefined {
  const cell = isFirstLine ? CELL.exec(before) : null;
  const rest = (cell ?? LINE.exec(before))?.[1];
  if (rest === undefined) {
    return undefined;
  }
  const words = rest.split(/\s+/).filter(part => part !== '');
  const word = rest === '' || /\s$/.test(rest) ? '' : (words.pop() ?? '');
  const found = cell ? inCell(words, word, known) : inLine(words, word, known);
  const unique = new Map<string, ICandidate>();
  for (const candidate of found) {
    if (candidate.text.startsWith(word) && !unique.has(candidate.text)) {
      unique.set(candidate.text, candidate);
    }
  }
  return { word, candidates: [...unique.values()] };
}

function inLine(
  words: readonly string[],
  word: string,
  known: IKnown
): ICandidate[] {
  const [name, ...behind] = words;
  if (name === undefined) {
    return VERBS.map(named('verb'));
  }
  const verb = VERBS.find(each => each.name === name);
  return verb === undefined ? [] : after(verb, behind, word, known);
}

function inCell(
  words: readonly string[],
  word: string,
  known: IKnown
): ICandidate[] {
  const kind = KINDS.find(each => each.name !== '' && each.name === words[0]);
  const plain = KINDS.find(each => each.name === '');
  const owner = kind ?? plain;
  return [
    ...(words.length === 0
      ? KINDS.filter(each => each.name !== '').map(named('kind'))
      : []),
    ...(owner === undefined
      ? []
      : after(owner, kind === undefined ? words : words.slice(1), word, known))
  ];
}

function named(kind: string): (owner: IOwner) => ICandidate {
  return ({ name, help }) => ({ text: name, kind, about: help });
}

function after(
  owner: IOwner,
  words: readonly string[],
  word: string,
  known: IKnown
): ICandidate[] {
  const targets: string[] = [];
  const used = new Set<string>();
  let waiting: IOption | undefined;
  for (const each of words) {
    if (waiting !== undefined) {
      waiting = undefined;
    } else if (each.startsWith('-')) {
      const option = optionOf(owner, each);
      used.add(option?.name ?? each);
      if (
        option?.value !== undefined &&
        !option.optional &&
        !each.includes('=')
      ) {
        waiting = option;
      }
    } else {
      targets.push(each);
    }
  }
  if (waiting !== undefined) {
    return valuesOf(waiting, targets, words, known);
  }
  if (word.startsWith('--') && word.includes('=')) {
    const option = optionOf(owner, word);
    const head = word.slice(0, word.indexOf('=') + 1);
    return option === undefined
      ? []
      : valuesOf(option, targets, words, known).map(each => ({
          ...each,
          text: head + each.text
        }));
  }
  if (word.startsWith('-')) {
    return owner.options
      .filter(({ name, repeat }) => repeat === true || !used.has(name))
      .map(({ name, help }) => ({ text: name, kind: 'option', about: help }));
  }
  const places = owner.arguments ?? [];
  const last = places[places.length - 1];
  const place = places[targets.length] ?? (last?.many ? last : undefined);
  return place === undefined
    ? []
    : [
        ...place.choices.map(text => ({ text, kind: 'word' })),
        ...targetsOf(place.kind, word, known)
      ];
}

function optionOf(owner: IOwner, word: string): IOption | undefined {
  const [head] = word.split('=');
  return owner.options.find(
    ({ name, short }) => name === head || short === head
  );
}

function targetsOf(kind: string, word: string, known: IKnown): ICandidate[] {
  const pipelines = [
    ...[...known.pipelines.keys(), ...known.uploaded].map(text => ({
      text,
      kind: 'pipeline'
    })),
    ...(word.includes('@') ? known.versions : []).map(text => ({
      // A blank ends a word of the line.
      text: text.replaceAll(' ', '\\ '),
      kind: 'version'
    }))
  ];
  const runs = [
    { text: 'last', kind: 'run' },
    ...[...known.runs].map(([id, name]) => ({
      text: id.slice(0, 8),
      kind: 'run',
      about: name
    }))
  ];
  switch (kind) {
    case 'pipeline':
    case 'schedule':
      return pipelines;
    case 'run':
      return runs;
    case 'task':
      return word.includes(':') ? tasksOf(word, known) : runs;
    case 'thing':
      return [...runs, ...pipelines];
    case 'connection':
      return connectionsOf(known);
    default:
      return [];
  }
}

/** Tasks of the run before the colon. */
function tasksOf(word: string, known: IKnown): ICandidate[] {
  const head = word.slice(0, word.indexOf(':'));
  const ids = [...known.tasks.keys()];
  const id =
    head === 'last'
      ? ids[ids.length - 1]
      : ids.find(each => each.startsWith(head));
  return (known.tasks.get(id ?? '') ?? []).map(path => ({
    text: `${head}:${path}`,
    kind: 'task'
  }));
}

function valuesOf(
  option: IOption,
  targets: readonly string[],
  words: readonly string[],
  known: IKnown
): ICandidate[] {
  if (option.choices !== undefined) {
    return option.choices.map(text => ({ text, kind: 'value' }));
  }
  if (option.name === '--on') {
    return connectionsOf(known);
  }
  if (option.name === '--ns') {
    return listed(known.namespaces, 'namespace');
  }
  if (option.name === '--exp') {
    return listed(['Default', ...known.experiments], 'experiment');
  }
  if (option.name !== '--param') {
    return [];
  }
  const given = new Set(words.map(each => each.split('=')[0]));
  const inputs = known.pipelines.get(targets[0] ?? '') ?? [];
  return inputs
    .filter(({ name }) => !given.has(name))
    .flatMap(input => [
      {
        text: `${input.name}=`,
        kind: 'parameter',
        about:
          input.default === undefined
            ? input.type
            : `${input.type}, default ${input.default}`
      },
      ...choicesOf(input).map(text => ({
        text: `${input.name}=${text}`,
        kind: 'value'
      }))
    ]);
}

/** What a parameter can be, where that is a short list; choices come as JSON text. */
function choicesOf({ type, literals }: PipelineInput): readonly string[] {
  if (literals !== undefined) {
    return literals.map(text =>
      /^".*"$/.test(text) ? String(JSON.parse(text)) : text
    );
  }
  return type === 'BOOLEAN' ? ['true', 'false'] : [];
}

function connectionsOf(known: IKnown): ICandidate[] {
  return listed(['local', ...known.connections], 'connection');
}

function listed(names: readonly string[], kind: string): ICandidate[] {
  return names.map(text => ({ text, kind }));
}
