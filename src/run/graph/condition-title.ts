import { shownName } from '../shown-name';

/**
 * A condition as it was written: `if`, `elif` or `else`.
 *
 * #### Notes
 * KFP compiles every further branch to the negations of those before it, and its own question last: spelled out, what tells branches
 * apart would be cut off. A condition cannot be negated otherwise.
 */
export function conditionTitle(condition: string): string {
  let rest = condition;
  let word = 'if';
  while (rest.startsWith('not (')) {
    const end = endOfBracket(rest, 4);
    if (end === rest.length - 1) {
      return 'else';
    }
    if (!rest.startsWith(' and ', end + 1)) {
      break;
    }
    rest = rest.slice(end + 6);
    word = 'elif';
  }
  return `${word} ${shownName(rest)}`;
}

// brackets in quoted text do not count
function endOfBracket(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const sign = text[at];
    if (quote) {
      quote = sign === quote ? '' : quote;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
    } else if (sign === '(') {
      depth += 1;
    } else if (sign === ')') {
      depth -= 1;
      if (depth === 0) {
        return at;
      }
    }
  }
  return -1;
}
