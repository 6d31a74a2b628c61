/** The gateway's end of a fork server: sends jobs, hears when their supervisors start and end. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

interface Waiting {
  readonly started: (pid: number) => void;
  readonly done: (answer: string | undefined) => void;
}

export class ForkServer {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #jobs = new Map<number, Waiting>();
  readonly #idleMs: number;
  #idle: NodeJS.Timeout | undefined;
  #next = 1;
  #rest = '';
  #trouble = '';
  #isOpen = true;

  constructor(options: {
    readonly python: string;
    readonly program: string;
    readonly env: NodeJS.ProcessEnv;
    readonly idleMs: number;
  }) {
    this.#idleMs = options.idleMs;
    // A session of its own: a Ctrl-C at the gateway's terminal is not meant for it.
    this.#child = spawn(options.python, ['-s', options.program], {
      cwd: '/',
      detached: true,
      env: options.env,
      stdio: ['pipe', 'pipe', 'pipe']
    });
    this.#child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => this.#hear(text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#trouble = (this.#trouble + text).slice(-4000);
    });
    this.#child.stdin.on('error', () => this.#fail());
    this.#child.once('error', () => this.#fail());
    this.#child.once('exit', () => this.#fail());
  }

  /** Whether jobs can be sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Run a job under a forked supervisor. The answer is what the supervisor said when it failed, empty when all
   * went well, and undefined when the server itself failed: the job may then have begun or not.
   */
  run(
    job: unknown,
    started: (pid: number) => void
  ): Promise<string | undefined> {
    clearTimeout(this.#idle);
    const id = this.#next++;
    return new Promise(resolve => {
      if (!this.#isOpen) {
        resolve(undefined);
        return;
      }
      this.#jobs.set(id, { started, done: resolve });
      this.#child.stdin.write(`${id} ${JSON.stringify(job)}\n`);
    });
  }

  /** Take no more jobs; the server ends, its supervisors go on. */
  end(): void {
    this.#isOpen = false;
    clearTimeout(this.#idle);
    this.#child.stdin.end();
    this.#child.unref();
  }

  #hear(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const [word, id, number] = line.split(' ');
      const job = this.#jobs.get(Number(id));
      if (word === 'started') {
        job?.started(Number(number));
      } else if (word === 'ended') {
        this.#jobs.delete(Number(id));
        job?.done(number === '0' ? '' : this.#trouble.trim());
      }
    }
    if (this.#jobs.size === 0) {
      clearTimeout(this.#idle);
      this.#idle = setTimeout(() => this.end(), this.#idleMs).unref();
    }
  }

  #fail(): void {
    this.#isOpen = false;
    clearTimeout(this.#idle);
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    jobs.forEach(job => job.done(undefined));
  }
}
