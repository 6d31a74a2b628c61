import { isCompiledAnew, type ICompiled } from './compiled';

const compiled = (
  digest: string,
  prompt: number | null,
  pipeline = 'train'
): ICompiled => ({ digest, prompt, pipeline });

it.each([
  ['it was compiled to something else later', [compiled('b', 4)], true],
  [
    'it was compiled to the same again last',
    [compiled('b', 4), compiled('a', 5)],
    false
  ],
  ['another one was', [compiled('b', 4, 'score')], false],
  ['it had been something else before', [compiled('b', 2)], false],
  ['the cell is of another session', [compiled('b', null)], false],
  ['nothing else is there', [], false]
])(
  'knows whether the pipeline of a run is still the same: %s',
  (_, all, isAnew) => {
    const run = compiled('a', 3);
    expect(isCompiledAnew(run, [run, ...all])).toBe(isAnew);
  }
);
