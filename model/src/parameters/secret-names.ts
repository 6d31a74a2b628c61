/** Parameters whose names say that they hold a secret: KFP stores them in clear text, we do not show them. */

const WORDS =
  /(^|[_-])(password|passwd|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|credential|credentials)([_-]|$)/i;

/** Keys of well-known services, and private keys. */
const KEYS =
  /^(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|xox[abp]-[A-Za-z0-9-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/;

/** Tell whether a parameter of this name, or with this value, is likely to hold a secret. */
export function looksSecret(name: string, value?: unknown): boolean {
  return (
    (typeof value === 'string' && KEYS.test(value)) ||
    WORDS.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'))
  );
}

/** What stands for a value that is not shown. */
export const REDACTED = '••••';
