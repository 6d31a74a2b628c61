/** Names that must be good on every platform (pipeline-execution section 15). */

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `length` letters and digits from a source of random numbers in [0, 1). */
export function suffix(random: () => number, length = 5): string {
  let text = '';
  for (let n = 0; n < length; n++) {
    text += LETTERS[Math.floor(random() * LETTERS.length)] ?? 'a';
  }
  return text;
}

/** `{{$.pipeline_job_resource_name}}`: the pipeline's name and a suffix. */
export function resourceName(pipeline: string, random: () => number): string {
  const base = pipeline.slice(pipeline.lastIndexOf('/') + 1);
  return cut(`${slug(base)}-`, 63 - 5) + suffix(random);
}

/** Name of an attempt, what a pod's name is on a cluster. */
export function attemptName(
  resource: string,
  key: string,
  random: () => number
): string {
  return `${cut(`${resource}-${slug(key)}`, 57)}-${suffix(random)}`;
}

/** Folder of a task: its number keeps it unique, the slug tells a person which it is. */
export function taskFolder(number: number, key: string): string {
  return `t${String(number).padStart(4, '0')}-${cut(slug(key), 24)}`;
}

/** File name of an output: the key where it is harmless everywhere, else its place. */
export function outputFile(key: string, index: number): string {
  return /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,63}$/.test(key) && !key.endsWith('.')
    ? key
    : `o${index}`;
}

function slug(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+/, '') || 'task'
  );
}

function cut(text: string, length: number): string {
  return text.slice(0, length);
}
