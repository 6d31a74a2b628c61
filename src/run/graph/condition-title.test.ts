import { conditionTitle } from './condition-title';

it.each([
  ['best > 0.9', 'if best > 0.9'],
  ['not (a == "x") and b == "y"', 'elif b == "y"'],
  ['not (a == "x") and not (b == "y") and c > 1', 'elif c > 1'],
  ['not (a == "x")', 'else'],
  ['not (a == "x") and not (b == "y")', 'else'],
  ['not (a == "(") and b == ")"', 'elif b == ")"'],
  ['not (a', 'if not (a']
])('calls %s as it was written', (condition, title) => {
  expect(conditionTitle(condition)).toBe(title);
});
