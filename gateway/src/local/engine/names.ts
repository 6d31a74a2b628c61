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

/** Names that Windows keeps for devices, with or without an ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * File names of the outputs of a task: the key where it is harmless everywhere, else its place. Two keys that differ
 * only in case would be one file on some systems, so the later one gets its place.
 */
export function outputFiles(
  keys: readonly string[]
): ReadonlyMap<string, string> {
  const used = new Set<string>();
  return new Map(
    keys.map((key, index) => {
      const isHarmless =
        /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,63}$/.test(key) &&
        !key.endsWith('.') &&
        !RESERVED.test(key) &&
        !/^o\d+$/i.test(key) &&
        !used.has(key.toLowerCase());
      used.add(key.toLowerCase());
      return [key, isHarmless ? key : `o${index}`] as const;
    })
  );
}

/** Lower-case letters, digits and dashes of a text. */
export function slug(text: string): string {
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
