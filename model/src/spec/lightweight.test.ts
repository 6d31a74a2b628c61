import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { recogniseLightweight } from './lightweight.ts';

const SHARED =
  process.env.JUPYTERLAB_KFP_SHARED ??
  resolve(import.meta.dirname, '../../../../shared');

const RUN =
  'program_path=$(mktemp -d)\n\nprintf "%s" "$0" > "$program_path/ephemeral_component.py"\n_KFP_RUNTIME=true python3 -m kfp.dsl.executor_main      --component_module_path   "$program_path/ephemeral_component.py"   "$@"\n';
const ARGS = ['--executor_input', '{{$}}', '--function_to_execute', 'f'];

function withInstall(pip: string): string[] {
  const script = `\nif ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 ${pip} && "$0" "$@"\n`;
  return ['sh', '-c', script, 'sh', '-ec', RUN, 'def f(): pass'];
}

describe('recogniseLightweight', () => {
  it('takes the runtime requirement apart from the packages', () => {
    const found = recogniseLightweight(
      withInstall(
        `python3 -m pip install --quiet --no-warn-script-location --index-url https://a/s --trusted-host a 'x[y]>=1,<2'  &&  python3 -m pip install --quiet --no-warn-script-location 'kfp==2.17.0' '--no-deps' 'typing-extensions>=3.7.4,<5; python_version<"3.9"'`
      ),
      ARGS
    );
    assert.deepEqual(found, {
      kind: 'lightweight',
      source: 'def f(): pass',
      functionName: 'f',
      packages: ['x[y]>=1,<2'],
      indexOptions: ['--index-url', 'https://a/s', '--trusted-host', 'a'],
      kfpRequirement: 'kfp==2.17.0',
      useVenv: false
    });
  });

  it('knows the virtual environment in between and kfp that the user asked for', () => {
    const found = recogniseLightweight(
      withInstall(
        `python3 -m pip install --quiet --no-warn-script-location 'kfp[all]==2.1' 'z' && \nexport PIP_DISABLE_PIP_VERSION_CHECK=1\ntmp=$(mktemp -d)\npython3 -m venv "$tmp/venv" --system-site-packages\n. "$tmp/venv/bin/activate"\n python3 -m pip install --quiet 'kfp==2.17.0' '--no-deps'`
      ),
      ARGS
    );
    assert.ok(found?.kind === 'lightweight');
    assert.equal(found.useVenv, true);
    assert.deepEqual(found.packages, ['kfp[all]==2.1', 'z']);
  });

  it('refuses everything that only looks alike', () => {
    const cases: [string[], string[]][] = [
      [withInstall("python3 -m pip install 'x' && rm -rf y"), ARGS],
      [withInstall('python3 -m pip install $(whoami)'), ARGS],
      [['sh', '-ec', `${RUN}\necho`, 'x'], ARGS],
      [
        ['sh', '-ec', RUN, 'x'],
        ['--executor_input', '{{$}}']
      ],
      [['bash', '-ec', RUN, 'x'], ARGS],
      [['echo', RUN], ARGS]
    ];
    for (const [command, args] of cases) {
      assert.equal(recogniseLightweight(command, args), undefined);
    }
  });

  it('knows a component that lives in its image', () => {
    assert.deepEqual(
      recogniseLightweight(['python3', '-m', 'kfp.dsl.executor_main'], ARGS),
      { kind: 'containerized', functionName: 'f' }
    );
  });

  it(
    'recognises every command with the runtime in the shared corpus',
    { skip: existsSync(SHARED) ? false : 'no shared test data here' },
    () => {
      let recognised = 0;
      const missed: string[] = [];
      for (const entry of readdirSync(SHARED, { recursive: true })) {
        const name = entry.toString();
        if (!name.endsWith('.yaml')) {
          continue;
        }
        const text = readFileSync(join(SHARED, name), 'utf8');
        for (const document of parseAllDocuments(text)) {
          if ('errors' in document && document.errors.length > 0) {
            continue;
          }
          for (const { command, args } of containers(document.toJS())) {
            if (!command.some(word => word.includes('executor_main'))) {
              continue;
            }
            if (recogniseLightweight(command, args)) {
              recognised++;
            } else {
              missed.push(`${name}: ${command.join(' ').slice(0, 400)}`);
            }
          }
        }
      }
      assert.deepEqual(missed, []);
      assert.ok(recognised > 200, `${recognised} recognised`);
    }
  );
});

function* containers(
  value: unknown
): Generator<{ command: string[]; args: string[] }> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if ('container' in value) {
    const container: unknown = value.container;
    if (typeof container === 'object' && container !== null) {
      const { command, args } = container as {
        command?: string[];
        args?: string[];
      };
      if (Array.isArray(command) && command.every(w => typeof w === 'string')) {
        yield { command, args: args ?? [] };
      }
    }
  }
  for (const child of Object.values(value)) {
    yield* containers(child);
  }
}
