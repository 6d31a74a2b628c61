/** Logs of a cluster without the values of parameters that look like secrets: KFP's executor prints its inputs. */
import { secretTexts, type Json } from 'jupyterlab-kfp-model';

/** Shorter values stand in every log. */
const SHORTEST = 6;
const STAR = 0x2a;

/** Every form in which a log may hold the secrets among some parameters, the longest first. */
export function hiddenForms(
  parameters: Readonly<Record<string, Json>>
): readonly Buffer[] {
  const forms = Object.entries(parameters)
    .flatMap(([name, value]) => secretTexts(name, value))
    .flatMap(text => [text, ...text.split('\n')])
    .map(text => text.trim())
    .flatMap(text => [text, JSON.stringify(text).slice(1, -1)])
    .filter(text => text.length >= SHORTEST);
  return [...new Set(forms)]
    .map(text => Buffer.from(text))
    .sort((a, b) => b.length - a.length);
}

/**
 * Cover the secrets of a log with stars, byte for byte: offsets into it stay true.
 *
 * @param isGrowing - the beginning of a secret at its end is left out until its rest is there.
 */
export function coverSecrets(
  log: Buffer,
  forms: readonly Buffer[],
  isGrowing: boolean
): Buffer {
  if (forms.length === 0) {
    return log;
  }
  const covered = Buffer.from(log);
  let held = 0;
  for (const form of forms) {
    for (
      let at = covered.indexOf(form);
      at >= 0;
      at = covered.indexOf(form, at + form.length)
    ) {
      covered.fill(STAR, at, at + form.length);
    }
    held = Math.max(held, begun(covered, form));
  }
  return isGrowing ? covered.subarray(0, covered.length - held) : covered;
}

/** Bytes at the end of a log that may be the beginning of a secret. */
function begun(log: Buffer, form: Buffer): number {
  for (
    let length = Math.min(form.length - 1, log.length);
    length > 0;
    length--
  ) {
    if (log.subarray(log.length - length).equals(form.subarray(0, length))) {
      return length;
    }
  }
  return 0;
}
