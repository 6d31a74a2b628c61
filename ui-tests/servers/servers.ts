/** The servers that browser tests run on: Jupyter's by `start.py`, the static story page by `stories.py`. */
export type ProjectName =
  | 'lab'
  | 'hub'
  | 'token'
  | 'notebook'
  | 'bench'
  | 'live-bench'
  | 'start-bench'
  | 'docs'
  | 'stories'
  | 'view-bench';

interface ITestServer {
  readonly port: number;
  /** What `page.goto` starts from. */
  readonly url: string;
  /** Answers without signing in. */
  readonly ready: string;
  readonly tests: string;
  /** The command that starts it, in the folder of the browser tests. */
  readonly command: string;
}

/** Secrets of servers that live as long as a test run. */
export const TEST_PASSWORD = 'ui-tests';
export const TEST_TOKEN = 'ui-tests-token';

const port = Number(process.env.TEST_PORT ?? 0);

/** A port of its own for each project, so that two may run at once. */
function jupyter(
  name: string,
  offset: number,
  base: string,
  tests: string,
  ready = 'api'
): ITestServer {
  const chosen = port || 8960 + offset;
  const origin = `http://127.0.0.1:${chosen}`;
  // galata puts a slash behind its address itself.
  const url = base === '/' ? origin : `${origin}${base}`;
  return {
    port: chosen,
    url,
    ready: `${origin}${base}${ready}`,
    tests,
    command: `../.venv/bin/python servers/start.py ${name} ${chosen}`
  };
}

/** A server of the story page. */
function stories(
  offset: number,
  tests: string,
  mode: 'development' | 'production'
): ITestServer {
  const chosen = port || 8960 + offset;
  const url = `http://127.0.0.1:${chosen}`;
  return {
    port: chosen,
    url,
    ready: `${url}/light.html`,
    tests,
    command: `JUPYTERLAB_KFP_STORIES_MODE=${mode} ../.venv/bin/python servers/stories.py ${chosen}`
  };
}

export const servers: Readonly<Record<ProjectName, ITestServer>> = {
  lab: jupyter('lab', 0, '/', 'lab/*.spec.ts'),
  hub: jupyter('hub', 1, '/user/x/', 'secured/hub.spec.ts'),
  token: jupyter('token', 2, '/user/x/', 'secured/token.spec.ts'),
  notebook: jupyter('notebook', 3, '/', 'notebook/*.spec.ts'),
  bench: jupyter('bench', 4, '/', 'bench/*.spec.ts'),
  'live-bench': jupyter('live-bench', 7, '/', 'live-bench/*.spec.ts'),
  'start-bench': jupyter('start-bench', 8, '/', 'start-bench/*.spec.ts'),
  // pictures of the documentation, made by hand
  docs: jupyter('docs', 9, '/', 'docs/*.spec.ts'),
  stories: stories(5, 'stories/*.spec.ts', 'development'),
  'view-bench': stories(6, 'view-bench/*.spec.ts', 'production')
};

/** The project of this name; an unknown name is an error, not the default. */
export function projectNamed(name: string): ProjectName {
  if (!(name in servers)) {
    throw new Error(
      `No project ${name}; there are ${Object.keys(servers).join(', ')}.`
    );
  }
  return name as ProjectName;
}
