import { extended, NOTHING, toggled } from './run-selection';

const ORDER = ['a', 'b', 'c', 'd'];

it('takes a row in and out', () => {
  const one = toggled(NOTHING, 'b');
  expect([...one.ids]).toEqual(['b']);
  expect([...toggled(one, 'b').ids]).toEqual([]);
});

it('takes in a range from the row chosen last, in both directions', () => {
  const from = toggled(NOTHING, 'c');
  expect([...extended(from, 'a', ORDER).ids].sort()).toEqual(['a', 'b', 'c']);
  expect([...extended(from, 'd', ORDER).ids].sort()).toEqual(['c', 'd']);
});

it('begins a range with the row itself when none was chosen, or when it is gone', () => {
  expect([...extended(NOTHING, 'b', ORDER).ids]).toEqual(['b']);
  expect([
    ...extended({ ids: new Set(), anchor: 'z' }, 'b', ORDER).ids
  ]).toEqual(['b']);
});
