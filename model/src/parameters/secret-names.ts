/**
 * Tells what looks like a secret: KFP stores it in clear text, we store and show it as dots. The kernel part has the same rules.
 */
import type { Json } from '../spec/ir.ts';

/** What stands for a value that is not shown. */
export const REDACTED = '••••';

const NAME =
  /(?:^|[_\-.\s])(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)(?:$|[_\-.\s])/i;

/** Names that hold such a word but count or name something: `max_token`, `secret_name`. */
const HARMLESS =
  /(?:^|_)(?:max|min|num|n|count|total)_|_(?:count|length|name|file|path|type|id|size|limit|ids)$/i;

/** Keys and tokens of well-known services. */
const SHAPES: readonly RegExp[] = [
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAIza[0-9A-Za-z_-]{35}\b/,
  /:\/\/[^/\s:@]+:[^/\s:@]{4,}@/
];

/** Tell whether a name says that its value is a secret: `dbPassword`, `api_key`. */
export function isSecretName(name: string): boolean {
  const spaced = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return NAME.test(spaced) && !HARMLESS.test(spaced);
}

/** Tell whether a text holds a key or a token of a well-known service. */
export function isSecretText(text: string): boolean {
  return SHAPES.some(shape => shape.test(text));
}

/**
 * Tell whether a named value must be shown as dots; without a value the name alone decides.
 *
 * Only texts are secrets, also those inside lists and structs.
 */
export function looksSecret(name: string, value?: Json): boolean {
  if (value === undefined) {
    return isSecretName(name);
  }
  if (typeof value === 'string') {
    return value !== '' && (isSecretName(name) || isSecretText(value));
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  return isList(value)
    ? value.some(item => looksSecret(name, item))
    : Object.entries(value).some(
        ([key, item]) => looksSecret(key, item) || looksSecret(name, item)
      );
}

/** Tell whether a parameter or an input is shown as dots: by its name, whatever it holds, or by its value. */
export function isHidden(name: string, value: Json): boolean {
  return looksSecret(name) || looksSecret(name, value);
}

/** The texts of a named value that must not be read in a log. */
export function secretTexts(name: string, value: Json): readonly string[] {
  if (typeof value === 'string') {
    return looksSecret(name, value) ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return isList(value)
    ? value.flatMap(item => secretTexts(name, item))
    : Object.entries(value).flatMap(([key, item]) =>
        secretTexts(isSecretName(name) ? name : key, item)
      );
}

function isList(value: readonly Json[] | object): value is readonly Json[] {
  return Array.isArray(value);
}
