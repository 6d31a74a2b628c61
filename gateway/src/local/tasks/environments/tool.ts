/** Runs the programs that build environments, telling each line as it comes. */
import { spawn } from 'node:child_process';

/** A failed build, in one sentence; what the tools printed is in the attempt's log. */
export class EnvironmentError extends Error {}

/** Run a program to its end. Throws `EnvironmentError` with what it said last; returns its standard output. */
export function runTool(
  executable: string,
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly line?: (line: string) => void;
  } = {}
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [...args], {
      env: {
        ...process.env,
        PIP_DISABLE_PIP_VERSION_CHECK: '1',
        PIP_NO_INPUT: '1',
        PYTHONNOUSERSITE: '1',
        ...options.env
      },
      stdio: ['ignore', 'pipe', 'pipe']
    });
    let out = '';
    let said = '';
    const lines = (): ((chunk: string) => void) => {
      let rest = '';
      return chunk => {
        const parts = (rest + chunk).split(/\r?\n|\r/);
        rest = parts.pop() ?? '';
        parts
          .filter(line => line.trim() !== '')
          .forEach(line => options.line?.(line));
      };
    };
    const [outLines, errorLines] = [lines(), lines()];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out = (out + chunk).slice(-1_000_000);
      outLines(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-20_000);
      errorLines(chunk);
    });
    child.once('error', error => {
      reject(
        new EnvironmentError(
          `the Python environment cannot be built: ${error.message}`
        )
      );
    });
    child.once('close', code => {
      outLines('\n');
      errorLines('\n');
      if (code === 0) {
        resolve(out);
      } else {
        reject(
          new EnvironmentError(
            `the Python environment cannot be built: ${reasonOf(`${out}\n${said}`)}`
          )
        );
      }
    });
  });
}

/** The line of a tool's output that a person needs: uv's reason, pip's last error, else the last line. */
export function reasonOf(output: string): string {
  const text = output.replaceAll(/\u001b\[[0-9;]*m/g, '');
  const uv = /╰─▶ ([\s\S]*?)(?:\n\s*\n|\n\s*hint:|$)/.exec(text)?.[1];
  if (uv !== undefined) {
    return uv.replaceAll(/\s*\n\s*/g, ' ').trim();
  }
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('[notice]'));
  const error = lines.findLast(line => /^error[: ]/i.test(line));
  const cause = lines.find(line => /^(cause|caused by): /i.test(line));
  const words = [error ?? lines.at(-1) ?? 'no reason was given'];
  if (cause !== undefined) {
    // That nothing was found says less than why.
    words.splice(0, /no solution found/i.test(words[0] ?? '') ? 1 : 0);
    words.push(cause);
  }
  return words
    .map(line => line.replace(/^(error|cause|caused by):\s*/i, ''))
    .join(': ');
}
