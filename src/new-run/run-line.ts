import type { NewRunStore } from './new-run-store';

/** The line of a cell that sends the same run. */
export function runLine(store: NewRunStore): string {
  const { state } = store;
  if (state.kind !== 'ready') {
    return '';
  }
  const words = ['%kfp run', quoted(state.pipeline.name)];
  for (const { input, text, origin } of store.fields) {
    if (text !== null && origin !== 'default') {
      words.push(`-p ${input.name}=${quoted(text)}`);
    }
  }
  if (store.connection) {
    words.push(`--on ${quoted(store.connection)}`);
  }
  if (store.experiment.trim()) {
    words.push(`--exp ${quoted(store.experiment.trim())}`);
  }
  if (store.name.trim()) {
    words.push(`--name ${quoted(store.name.trim())}`);
  }
  if (store.cache !== 'as written') {
    words.push(store.cache === 'on' ? '--cache' : '--no-cache');
  }
  return words.join(' ');
}

/** A word of the line; braces would be expressions, so they are escaped. */
function quoted(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ');
  if (/^[\w.:/@+-]+$/.test(line)) {
    return line;
  }
  return `'${line.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\{/g, '\\{')}'`;
}
