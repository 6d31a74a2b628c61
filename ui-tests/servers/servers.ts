/** The Jupyter servers that browser tests run on; `start.py` starts them. */
export type ProjectName = 'lab' | 'hub' | 'token' | 'notebook' | 'bench';

interface ITestServer {
  readonly port: number;
  /** What `page.goto` starts from. */
  readonly url: string;
  /** Answers without signing in. */
  readonly ready: string;
  readonly tests: string;
}

/** Secrets of servers that live as long as a test run. */
export const TEST_PASSWORD = 'ui-tests';
export const TEST_TOKEN = 'ui-tests-token';

const port = Number(process.env.TEST_PORT ?? 0);

/** A port of its own for each project, so that two may run at once. */
function server(
  offset: number,
  base: string,
  tests: string,
  ready = 'api'
): ITestServer {
  const chosen = port || 8960 + offset;
  const origin = `http://127.0.0.1:${chosen}`;
  // galata puts a slash behind its address itself.
  const url = base === '/' ? origin : `${origin}${base}`;
  return { port: chosen, url, ready: `${origin}${base}${ready}`, tests };
}

export const servers: Readonly<Record<ProjectName, ITestServer>> = {
  lab: server(0, '/', 'lab/*.spec.ts'),
  hub: server(1, '/user/x/', 'secured/hub.spec.ts'),
  token: server(2, '/user/x/', 'secured/token.spec.ts'),
  notebook: server(3, '/', 'notebook/*.spec.ts'),
  bench: server(4, '/', 'bench/*.spec.ts')
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
