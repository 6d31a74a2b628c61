/** Parameters whose names say that they hold a secret: KFP stores them in clear text, we do not show them. */

const WORDS =
  /(^|[_-])(password|passwd|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|credential|credentials)([_-]|$)/i;

/** Tell whether a parameter of this name is likely to hold a secret. */
export function looksSecret(name: string): boolean {
  return WORDS.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));
}

/** What stands for a value that is not shown. */
export const REDACTED = '••••';
