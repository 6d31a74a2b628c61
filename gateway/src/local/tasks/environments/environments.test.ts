import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import {
  Bench,
  component,
  logOf,
  messageOf,
  PYTHON,
  quiet
} from '../test-attempts.ts';
import { removeSurplus } from './clean-up.ts';
import { isPinned, type Wanted } from './contents.ts';
import { Environments } from './environments.ts';
import { parseMirror } from './installers.ts';
import { Interpreters, pythonOfImage } from './interpreters.ts';
import { EnvironmentError, reasonOf } from './tool.ts';

const interpreters = new Interpreters();
const interpreter = await interpreters.probe(PYTHON);
const folder = mkdtempSync(path.join(tmpdir(), 'environments-'));
const bench = new Bench();
after(async () => {
  rmSync(folder, { recursive: true, force: true });
  await bench.close();
});

/** A package that exists nowhere but in this file; built without a network. */
function wheel(
  name: string,
  version: string,
  code: string,
  module = `${name}.py`
): string {
  const info = `${name}-${version}.dist-info`;
  const target = path.join(folder, `${name}-${version}-py3-none-any.whl`);
  execFileSync(PYTHON, [
    '-c',
    `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr("${module}", sys.argv[2])
    z.writestr("${info}/METADATA", "Metadata-Version: 2.1\\nName: ${name}\\nVersion: ${version}\\n")
    z.writestr("${info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    z.writestr("${info}/RECORD", "${module},,\\n${info}/METADATA,,\\n${info}/WHEEL,,\\n${info}/RECORD,,\\n")`,
    target,
    code
  ]);
  return target;
}

const one = wheel('kfptestone', '1.0', 'VALUE = 1');
wheel('kfptestone', '2.0', 'VALUE = 2');
const offline = ['--no-index', '--find-links', folder];

let now = Date.now();
const wanted = (change: Partial<Wanted> = {}): Wanted => ({
  interpreter,
  runtime: undefined,
  packages: [],
  indexOptions: [],
  pip: false,
  ...change
});
function watcher() {
  const reasons: string[] = [];
  const lines: string[] = [];
  return {
    reasons,
    lines,
    waiting: (reason: string) => reasons.push(reason),
    log: (text: string) => lines.push(text)
  };
}
const evaluate = (environment: string, code: string): string =>
  execFileSync(path.join(environment, 'bin', 'python'), ['-c', code], {
    encoding: 'utf8'
  }).trim();
const fresh = (dataDir = mkdtempSync(path.join(folder, 'data-'))) =>
  new Environments({ dataDir, clock: () => now });

describe('environments', () => {
  it('are built once for all that wait, and each of them hears of it', async () => {
    const environments = fresh();
    const watchers = [watcher(), watcher()];
    const request = wanted({ packages: ['kfptestone'], indexOptions: offline });
    const [first, second] = await Promise.all(
      watchers.map(one => environments.ensure(request, one))
    );
    assert.ok(first !== undefined && first === second);
    assert.equal(
      evaluate(first, 'import kfptestone as k; print(k.VALUE)'),
      '2'
    );
    for (const { reasons, lines } of watchers) {
      assert.match(reasons[0] ?? '', /^installing kfptestone/);
      assert.match(lines.join(''), /kfptestone/);
    }
    const again = watcher();
    assert.equal(await environments.ensure(request, again), first);
    assert.deepEqual([again.reasons, again.lines], [[], []]);
  });

  it('are the same for one Python under several paths', async () => {
    const other = path.join(folder, 'other');
    execFileSync(PYTHON, ['-m', 'venv', '--without-pip', other]);
    const place = new Environments({
      dataDir: path.join(folder, 'paths'),
      clock: () => now
    });
    const first = await place.ensure(wanted(), watcher());
    for (const name of ['python', 'python3']) {
      const again = await interpreters.probe(path.join(other, 'bin', name));
      assert.notEqual(again.executable, interpreter.executable);
      assert.equal(
        await place.ensure(wanted({ interpreter: again }), watcher()),
        first
      );
    }
  });

  it('never show the packages of the user, and `pip` in them is theirs', async () => {
    const environment = await fresh().ensure(wanted(), watcher());
    assert.throws(() => evaluate(environment, 'import jupyter_server'));
    assert.throws(() =>
      execFileSync(path.join(environment, 'bin', 'pip'), ['list'], {
        stdio: 'pipe'
      })
    );
  });

  it('show the packages of their Python on request, after their own', async () => {
    const other = path.join(folder, 'with-site');
    execFileSync(PYTHON, ['-m', 'venv', '--without-pip', other]);
    const python = path.join(other, 'bin', 'python');
    const [site = ''] = (await interpreters.probe(python)).siteFolders;
    writeFileSync(path.join(site, 'kfptestone.py'), 'VALUE = "theirs"');
    writeFileSync(path.join(site, 'kfptestmine.py'), 'VALUE = "mine"');
    const editable = path.join(folder, 'editable');
    mkdirSync(editable);
    writeFileSync(path.join(editable, 'kfptestedit.py'), 'VALUE = "edited"');
    writeFileSync(path.join(site, 'editable.pth'), editable);
    const environments = fresh();
    const request = wanted({
      interpreter: await interpreters.probe(python),
      packages: ['kfptestone'],
      indexOptions: offline
    });
    const code =
      'import kfptestone as a, kfptestmine as b, kfptestedit as c; print(a.VALUE, b.VALUE, c.VALUE)';
    const clean = await environments.ensure(request, watcher());
    assert.throws(() => evaluate(clean, code), /No module named 'kfptestmine'/);
    const open = await environments.ensure(
      { ...request, sitePackages: true },
      watcher()
    );
    assert.notEqual(open, clean);
    assert.equal(evaluate(open, code), '2 mine edited');
  });

  it('have the very runtime of a component on request, though another is at hand', async () => {
    wheel('kfp', '2.99.1', 'MARK = "exact"', 'kfp/dsl/executor_main.py');
    const code =
      'import os; os.environ["_KFP_RUNTIME"] = "true"; import kfp.dsl.executor_main as m; print(getattr(m, "MARK", "own"))';
    const request = wanted({ runtime: 'kfp==2.99.1', indexOptions: offline });
    const environments = fresh();
    const copied = await environments.ensure(request, watcher());
    assert.equal(evaluate(copied, code), 'own');
    const exact = { ...request, exact: true };
    const one = await environments.ensure(exact, watcher());
    assert.notEqual(one, copied);
    assert.equal(evaluate(one, code), 'exact');
    const absent = { ...exact, runtime: 'kfp==2.99.2' };
    await assert.rejects(
      environments.ensure(absent, watcher()),
      (error: unknown) =>
        error instanceof EnvironmentError && /2\.99\.2/.test(error.message)
    );
  });

  it('keep for ever what is pinned, and look up the rest after seven days', async () => {
    const environments = fresh();
    const request = wanted({ packages: ['kfptestone'], indexOptions: offline });
    const pinned = wanted({
      packages: ['kfptestone==1.0'],
      indexOptions: offline
    });
    const old = await environments.ensure(request, watcher());
    const kept = await environments.ensure(pinned, watcher());
    wheel('kfptestone', '3.0', 'VALUE = 3');
    now += 8 * 24 * 3600 * 1000;
    const young = await environments.ensure(request, watcher());
    assert.notEqual(young, old);
    assert.equal(
      evaluate(young, 'import kfptestone as k; print(k.VALUE)'),
      '3'
    );
    assert.equal(existsSync(old), false, 'nobody runs from it');
    assert.equal(await environments.ensure(pinned, watcher()), kept);
    rmSync(path.join(folder, 'kfptestone-3.0-py3-none-any.whl'));
  });

  it('stay in use when the packages cannot be looked up again', async () => {
    const environments = fresh();
    const links = mkdtempSync(path.join(folder, 'links-'));
    symlinkSync(one, path.join(links, path.basename(one)));
    const request = wanted({
      packages: ['kfptestone'],
      indexOptions: ['--no-index', '--find-links', links]
    });
    const old = await environments.ensure(request, watcher());
    rmSync(links, { recursive: true });
    now += 8 * 24 * 3600 * 1000;
    const told = watcher();
    assert.equal(await environments.ensure(request, told), old);
    assert.match(told.lines.join(''), /could not be looked up again/);
  });

  it('say in one sentence why a build failed, and leave nothing half built', async () => {
    const dataDir = mkdtempSync(path.join(folder, 'data-'));
    const request = wanted({
      packages: ['kfp-no-such-package'],
      indexOptions: offline
    });
    await assert.rejects(fresh(dataDir).ensure(request, watcher()), error => {
      assert.ok(error instanceof EnvironmentError);
      assert.match(error.message, /kfp-no-such-package/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
    assert.deepEqual(readdirSync(path.join(dataDir, 'environments')), []);
  });

  it('survive the gateway, and are built anew where one is half built', async () => {
    const dataDir = mkdtempSync(path.join(folder, 'data-'));
    const first = await fresh(dataDir).ensure(wanted(), watcher());
    assert.equal(await fresh(dataDir).ensure(wanted(), watcher()), first);
    rmSync(path.join(first, 'complete'));
    const second = await fresh(dataDir).ensure(wanted(), watcher());
    assert.notEqual(second, first);
    assert.deepEqual(readdirSync(path.join(dataDir, 'environments')), [
      path.basename(second)
    ]);
  });

  it('go when there are too many of them, the least recently used first', async () => {
    const root = mkdtempSync(path.join(folder, 'lru-'));
    for (const [name, age] of [
      ['a-1', 30],
      ['b-1', 20],
      ['c-1', 10],
      ['d-1', 0]
    ] as const) {
      mkdirSync(path.join(root, name));
      const file = path.join(root, name, 'complete');
      writeFileSync(
        file,
        JSON.stringify({ builtAt: 0, pinned: true, bytes: 4 })
      );
      utimesSync(file, 1e6 - age, 1e6 - age);
    }
    mkdirSync(path.join(root, 'half-1'));
    const removed = await removeSurplus(root, 8, name => name === 'a-1');
    assert.deepEqual([...removed].sort(), ['b-1', 'half-1']);
  });
});

describe('a task', () => {
  it('that calls pip itself gets a copy, and the next one starts clean', async () => {
    const runner = bench.runner();
    const body = [
      'import subprocess, sys',
      'try:',
      '    import kfptestone',
      '    return -1',
      'except ImportError: pass',
      `subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--find-links", ${JSON.stringify(folder)}, "kfptestone==1.0"], check=True)`,
      'import kfptestone',
      'return kfptestone.VALUE'
    ].join('\n');
    for (let n = 0; n < 2; n++) {
      const spec = bench.attempt(component(body));
      const result = await runner.run(spec, quiet);
      assert.ok(result.outcome === 'succeeded', logOf(spec));
      assert.deepEqual(result.outputs.parameters, { Output: 1 });
      assert.equal(existsSync(path.join(spec.folder, 'environment')), false);
    }
  });

  it('whose packages cannot be had fails with the reason, and its log has the whole story', async () => {
    const { command, args } = component('return 1');
    const [, , script, source] = command;
    // Nobody answers there, however often it is asked.
    process.env['UV_HTTP_RETRIES'] = '0';
    const spec = bench.attempt({
      command: [
        'sh',
        '-c',
        `\nif ! [ -x "$(command -v pip)" ]; then\n    python3 -m ensurepip || python3 -m ensurepip --user || apt-get install python3-pip\nfi\n\nPIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location --index-url http://127.0.0.1:9/simple 'kfp-no-such-package' && "$0" "$@"\n`,
        'sh',
        '-ec',
        script ?? '',
        source ?? ''
      ],
      args
    });
    const result = await bench.runner().run(spec, quiet);
    assert.match(
      messageOf(result),
      /^the Python environment cannot be built: .*kfp-no-such-package/
    );
    assert.ok(result.outcome === 'failed' && result.code === 'environment');
    assert.match(logOf(spec), /kfp-no-such-package/);
  });
});

describe('interpreters', () => {
  it('are found by the version that an image names', async () => {
    const images: [string, string | undefined][] = [
      ['python:3.11', '3.11'],
      ['docker.io/library/python:3.9-slim-bookworm', '3.9'],
      ['registry.access.redhat.com/ubi9/python-311:latest', '3.11'],
      ['python:3', undefined],
      ['pytorch/pytorch:2.5.1', undefined],
      ['my-python:3.11', undefined]
    ];
    assert.deepEqual(
      images.map(([image]) => pythonOfImage(image)),
      images.map(([, version]) => version)
    );
    const root = mkdtempSync(path.join(folder, 'pyenv-'));
    const bin = path.join(root, 'versions', '3.11.99', 'bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(interpreter.executable, path.join(bin, 'python'));
    const found = await new Interpreters({
      PATH: '',
      PYENV_ROOT: root,
      UV_PYTHON_INSTALL_DIR: root
    }).find('3.11');
    assert.equal(found?.executable, path.join(bin, 'python'));
    assert.equal(await interpreters.find('3.3'), undefined);
  });

  it('that are not there are refused in words', async () => {
    const check = await bench.runner().check({
      image: 'python:3.11',
      ...component('return 1'),
      needsMounts: [],
      interpreter: '/no/such/python'
    });
    assert.deepEqual(check.refusals, ['there is no Python at /no/such/python']);
  });

  it('without kfp borrow the runtime of the one that has it', async () => {
    const bare = path.join(folder, 'bare');
    execFileSync(PYTHON, ['-m', 'venv', '--without-pip', bare]);
    const probed = await interpreters.probe(path.join(bare, 'bin', 'python'));
    assert.equal(probed.kfpFolder, null);
    const environment = await fresh().ensure(
      wanted({ interpreter: probed, donor: interpreter, runtime: 'kfp>=2,<3' }),
      watcher()
    );
    evaluate(
      environment,
      'import os; os.environ["_KFP_RUNTIME"] = "true"; import kfp.dsl.executor_main'
    );
  });
});

describe('the words of tools', () => {
  it('name the reason', () => {
    assert.equal(
      reasonOf(
        '  × No solution found when resolving dependencies:\n  ╰─▶ Because nope was not found in the package registry\n      and you require nope, we can conclude that\n      your requirements are unsatisfiable.\n'
      ),
      'Because nope was not found in the package registry and you require nope, we can conclude that your requirements are unsatisfiable.'
    );
    assert.equal(
      reasonOf(
        'ERROR: Could not find a version\nERROR: No matching distribution found for nope\n[notice] A new release of pip is available\n'
      ),
      'No matching distribution found for nope'
    );
  });

  it('tell pins from ranges, and the mirror of the user', () => {
    assert.deepEqual(
      [
        'a==1',
        'a[x]==1.2 ; python_version<"4"',
        'a',
        'a>=1',
        'a==1.*',
        'a @ http://x'
      ].map(isPinned),
      [true, true, false, false, false, false]
    );
    const text = `global.cert='/c.pem'\nglobal.index-url='https://mirror/simple'\nglobal.extra-index-url='https://a https://b'\n`;
    assert.deepEqual(parseMirror(text, { PIP_TRUSTED_HOST: 'mirror' }), {
      index: 'https://mirror/simple',
      extra: ['https://a', 'https://b'],
      links: [],
      trusted: ['mirror'],
      certificates: '/c.pem'
    });
  });
});
