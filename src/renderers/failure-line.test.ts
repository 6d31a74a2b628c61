import { failureLine } from './failure-line';

const CELL = `%%kfp run
@dsl.component
def größe(
    a: int
) -> int:
    raise KeyError("label")
`;

describe('the line of a failure', () => {
  const source = {
    function: 'größe',
    line: 4,
    text: 'raise KeyError("label")'
  };

  it('is found by its function and its text', () => {
    expect(
      failureLine(source, [
        { id: 'other', source: 'def größe(a):\n    pass\n\n\n\n' },
        { id: 'own', source: CELL }
      ])
    ).toEqual({ cellId: 'own', line: 6 });
  });

  it('is not guessed where the cell was edited since', () => {
    expect(
      failureLine(source, [
        { id: 'own', source: CELL.replace('KeyError', 'ValueError') }
      ])
    ).toBeNull();
    expect(failureLine(source, [])).toBeNull();
  });

  it('is not searched without a function', () => {
    expect(
      failureLine({ line: 4, text: source.text }, [{ id: 'own', source: CELL }])
    ).toBeNull();
  });
});
