/** Sizes that a service or Linux limits: KFP303, KFP308. */
import { canonicalJson } from '../spec/value-text.ts';
import type { Check, RawFinding } from './finding.ts';

/** `MAX_ARG_STRLEN` of Linux is 131,072 with the closing zero. */
const MOST_ARGUMENT = 131_000;
const MUCH_ARGUMENT = 100_000;
const MUCH_DEFAULT = 10 * 1024;
const MUCH_TEXT = 1024 * 1024;

export const checkSizes: Check = ({ document, executed, size, context }) => {
  const found: RawFinding[] = [];
  for (const { key, name, container } of executed) {
    const longest = Math.max(
      0,
      ...[...container.command, ...container.args].map(bytes)
    );
    if (longest > MUCH_ARGUMENT) {
      found.push({
        rule: 'KFP303',
        // The local service hands the source over in a file.
        severity:
          longest > MOST_ARGUMENT && context.target !== 'local'
            ? 'error'
            : 'warning',
        message: `The source of ${name} is ${kilobytes(longest)}. Linux allows 128 KiB for one argument. Use a file, an image or an artifact.`,
        component: key
      });
    }
  }
  const inputs = document.spec.root.inputDefinitions?.parameters ?? {};
  for (const [name, { defaultValue }] of Object.entries(inputs)) {
    const length =
      defaultValue === undefined ? 0 : bytes(canonicalJson(defaultValue));
    if (length > MUCH_DEFAULT) {
      found.push({
        rule: 'KFP308',
        severity: 'warning',
        message: `The default of "${name}" is ${kilobytes(length)}. Services limit this. Pass data as artifacts.`
      });
    }
  }
  if (size > MUCH_TEXT) {
    found.push({
      rule: 'KFP308',
      severity: 'warning',
      message: `The compiled pipeline is ${(size / 1e6).toFixed(1)} MB. Services limit this. Pass data as artifacts.`
    });
  }
  return found;
};

function kilobytes(length: number): string {
  return `${Math.round(length / 1000)} KB`;
}

/** Bytes in UTF-8. */
function bytes(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Two more for each unit above 0x7ff; a surrogate pair has four bytes for its two units.
    count +=
      code < 0x80 ? 0 : code < 0x800 || (code & 0xf800) === 0xd800 ? 1 : 2;
  }
  return count;
}
