/** Values of a run without the texts of parameters that look like secrets, under whatever name they came. */
import { REDACTED, secretTexts, type Json } from 'jupyterlab-kfp-model';

/** Shorter texts stand in every value; the log has the same limit. */
const SHORTEST = 6;

/** Replaces secrets in a value; gives the same value where there is none. */
export type Cover = (value: Json) => Json;

/** Make the cover for what a run, or a task of it, was given. */
export function coverOf(
  ...given: readonly Readonly<Record<string, Json>>[]
): Cover {
  const texts = given
    .flatMap(values => Object.entries(values))
    .flatMap(([name, value]) => secretTexts(name, value))
    .flatMap(text => [text, ...text.split('\n')])
    .map(text => text.trim())
    .filter(text => text.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return texts.length === 0 ? value => value : value => covered(value, texts);
}

function covered(value: Json, texts: readonly string[]): Json {
  if (typeof value === 'string') {
    return texts.reduce(
      (found, text) => found.replaceAll(text, REDACTED),
      value
    );
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? (value as readonly Json[]).map(item => covered(item, texts))
    : Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          covered(item as Json, texts)
        ])
      );
}
