/**
 * Recognises the commands the KFP SDK compiles Python functions to, so that they can run without shell, pip and
 * argument limit. The whole token structure must match; a substring is never enough (templates in
 * `sdk/python/kfp/dsl/component_factory.py`).
 */

/** A recognised Python component. */
export interface LightweightComponent {
  readonly kind: 'lightweight';
  /** Python source of the component's module. */
  readonly source: string;
  /** Function in `source`. */
  readonly functionName: string;
  /** Requirements of the component, in order, without the runtime's own. */
  readonly packages: readonly string[];
  /** Options such as `--index-url`, each value its own entry. */
  readonly indexOptions: readonly string[];
  /** `kfp==2.17.0` or whatever the command installs as its runtime; absent when it installs none. */
  readonly kfpRequirement?: string;
  readonly useVenv: boolean;
}

/** A component whose code is in its image (`target_image`). */
export interface ContainerizedComponent {
  readonly kind: 'containerized';
  readonly functionName: string;
}

const RUN_STAGE =
  /^program_path=\$\(mktemp -d\) printf "%s" "\$0" > "\$program_path\/ephemeral_component\.py" _KFP_RUNTIME=true python3 -m kfp\.(?:dsl|components)\.executor_main --component_module_path "\$program_path\/ephemeral_component\.py" "\$@"$/;

const BOOTSTRAP =
  /^if ! \[ -x "\$\(command -v pip\)" \]; then python3 -m ensurepip \|\| python3 -m ensurepip --user \|\| apt-get install python3-pip fi (.*)$/;

const VENV =
  /^(?:export PIP_DISABLE_PIP_VERSION_CHECK=1 )?tmp=\$\(mktemp -d\) python3 -m venv "\$tmp\/venv" --system-site-packages \. "\$tmp\/venv\/bin\/activate" (.*)$/;

/** @returns the component, or undefined when the command is anything else and must run literally. */
export function recogniseLightweight(
  command: readonly string[],
  args: readonly string[]
): LightweightComponent | ContainerizedComponent | undefined {
  const functionName = functionArgument(args);
  if (functionName === undefined) {
    return undefined;
  }
  if (
    command.length === 3 &&
    /^python3?$/.test(command[0] ?? '') &&
    command[1] === '-m' &&
    command[2] === 'kfp.dsl.executor_main'
  ) {
    return { kind: 'containerized', functionName };
  }
  const installs = command.length === 7;
  const run = installs ? command.slice(3) : command;
  const [shell, flag, script, source] = run;
  if (
    run.length !== 4 ||
    shell !== 'sh' ||
    (flag !== '-ec' && flag !== '-c') ||
    script === undefined ||
    source === undefined ||
    !RUN_STAGE.test(collapse(script))
  ) {
    return undefined;
  }
  let install: Install | undefined = {
    packages: [],
    indexOptions: [],
    useVenv: false
  };
  if (installs) {
    install =
      command[0] === 'sh' && command[1] === '-c'
        ? parseInstall(collapse(command[2] ?? ''))
        : undefined;
  }
  return install && { kind: 'lightweight', source, functionName, ...install };
}

/** The `NAME` of `--executor_input {{$}} --function_to_execute NAME`; the input may be replaced already. */
function functionArgument(args: readonly string[]): string | undefined {
  const [input, , option, name] = args;
  return args.length === 4 &&
    input === '--executor_input' &&
    option === '--function_to_execute'
    ? name
    : undefined;
}

interface Install {
  readonly packages: readonly string[];
  readonly indexOptions: readonly string[];
  readonly kfpRequirement?: string;
  readonly useVenv: boolean;
}

function collapse(script: string): string {
  return script.replace(/\s+/g, ' ').trim();
}

/** Reads the install stage: one or two pip calls, a virtual environment possibly between them. */
function parseInstall(script: string): Install | undefined {
  const wrapped = /^\((.*)\) && "\$0" "\$@"$/.exec(script);
  const tail = /^(.*?) ?&& "\$0" "\$@"$/.exec(script);
  let rest = wrapped?.[1]?.trim() ?? tail?.[1]?.trim();
  if (rest === undefined) {
    return undefined;
  }
  rest = BOOTSTRAP.exec(rest)?.[1] ?? rest;
  const packages: string[] = [];
  const indexOptions: string[] = [];
  let kfpRequirement: string | undefined;
  let useVenv = false;
  for (const part of splitStages(rest)) {
    let call = part;
    const venv = VENV.exec(call);
    if (venv) {
      useVenv = true;
      call = venv[1] ?? '';
    }
    const parsed = parsePip(call);
    if (parsed === undefined) {
      return undefined;
    }
    indexOptions.push(
      ...(indexOptions.length === 0 ? parsed.indexOptions : [])
    );
    const kfp = parsed.specs.find(spec => /^kfp\s*(?:[=<>!~@].*)?$/.test(spec));
    if (kfp !== undefined && parsed.noDeps) {
      kfpRequirement = kfp;
    } else {
      packages.push(...parsed.specs);
    }
  }
  return {
    packages,
    indexOptions,
    ...(kfpRequirement === undefined ? {} : { kfpRequirement }),
    useVenv
  };
}

/** Splits at `&&` outside quotes. */
function splitStages(script: string): string[] {
  const stages: string[] = [];
  let quote = '';
  let start = 0;
  for (let i = 0; i < script.length; i++) {
    const c = script[i];
    if (quote !== '') {
      quote = c === quote ? '' : quote;
    } else if (c === "'" || c === '"') {
      quote = c;
    } else if (c === '&' && script[i + 1] === '&') {
      stages.push(script.slice(start, i).trim());
      start = i + 2;
      i++;
    }
  }
  stages.push(script.slice(start).trim());
  return stages;
}

/** Options of pip that take a value and say where packages come from. */
const INDEX_OPTIONS = new Set([
  '--index-url',
  '--extra-index-url',
  '--trusted-host',
  '--find-links'
]);

function parsePip(
  call: string
): { specs: string[]; indexOptions: string[]; noDeps: boolean } | undefined {
  const pip =
    /^(?:PIP_DISABLE_PIP_VERSION_CHECK=1 )?python3? -m pip install (.*)$/.exec(
      call
    );
  const words = pip ? shellWords(pip[1] ?? '') : undefined;
  if (words === undefined) {
    return undefined;
  }
  const specs: string[] = [];
  const indexOptions: string[] = [];
  let noDeps = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '--no-deps') {
      noDeps = true;
    } else if (INDEX_OPTIONS.has(word)) {
      const value = words[++i];
      if (value === undefined) {
        return undefined;
      }
      indexOptions.push(word, value);
    } else if (
      word === '--quiet' ||
      word === '--user' ||
      word === '--no-warn-script-location'
    ) {
      continue;
    } else if (word.startsWith('-')) {
      return undefined;
    } else if (word !== '') {
      specs.push(word);
    }
  }
  return { specs, indexOptions, noDeps };
}

/** Words of a command in which nothing is expanded; undefined when something would be. */
function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? '';
    if (c === ' ') {
      if (word !== undefined) {
        words.push(word);
        word = undefined;
      }
    } else if (c === "'" || c === '"') {
      const end = text.indexOf(c, i + 1);
      const inside = end < 0 ? '' : text.slice(i + 1, end);
      if (end < 0 || (c === '"' && /[$`\\]/.test(inside))) {
        return undefined;
      }
      word = (word ?? '') + inside;
      i = end;
    } else if (/[$`\\;|&<>(){}*?!#~]/.test(c)) {
      return undefined;
    } else {
      word = (word ?? '') + c;
    }
  }
  if (word !== undefined) {
    words.push(word);
  }
  return words;
}
