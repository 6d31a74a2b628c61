import { functionOf } from './code-drift';
import { lineDiff } from './line-diff';

const text = (before: string, after: string): string =>
  lineDiff(before, after)
    .map(line => line.sign + line.text)
    .join('\n');

it('shows what went away before what came', () => {
  expect(text('a\nb\nc', 'a\nx\nc')).toBe(' a\n-b\n+x\n c');
  expect(text('a', 'a\nb')).toBe(' a\n+b');
  expect(text('a\nb', 'b\na')).toBe('-a\n b\n+a');
  expect(text('same', 'same')).toBe(' same');
});

it('finds a function with a long signature, up to the next line that is not in it', () => {
  const cell =
    'x = 1\n\n@dsl.component\ndef add(\n    a: int,\n) -> int:\n    # why\n\n    return a\n\ny = 2\n';
  expect(functionOf(cell, 'add')).toBe(
    'def add(\n    a: int,\n) -> int:\n    # why\n\n    return a'
  );
  expect(functionOf(cell, 'ad')).toBeNull();
});
