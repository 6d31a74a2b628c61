import { Text } from '@codemirror/state';

import { expressionOf } from './ask-kernel';
import { readFindings, speaksKfp, type IPlacedFinding } from './finding';
import { changesOf, diagnosticOf } from './marks';

const FINDING: IPlacedFinding = {
  rule: 'KFP101',
  severity: 'error',
  message: '"scale" is a notebook variable.',
  line: 2,
  end_line: 2,
  column: 4,
  end_column: 9
};

describe('speaksKfp', () => {
  it('asks only for cells that define or run something of kfp', () => {
    for (const source of [
      '%%kfp\nx = 1',
      '\n@dsl.component\ndef f(): ...',
      'import kfp'
    ]) {
      expect(speaksKfp(source)).toBe(true);
    }
    for (const source of ['', 'x = 1', '# a kfper', '@dataclass']) {
      expect(speaksKfp(source)).toBe(false);
    }
  });
});

describe('readFindings', () => {
  it('takes what has the form of a finding and leaves out the rest', () => {
    expect(
      readFindings({
        findings: [
          FINDING,
          { ...FINDING, severity: 'terrible' },
          { ...FINDING, line: undefined },
          { ...FINDING, line: -1 },
          { ...FINDING, fix: { edits: [] } },
          null
        ]
      })
    ).toEqual([FINDING]);
    for (const answer of [undefined, null, [], {}, { findings: 'x' }]) {
      expect(readFindings(answer)).toEqual([]);
    }
  });
});

describe('expressionOf', () => {
  it('passes any text as a literal, so that nothing of it is executed', () => {
    const expression = expressionOf({
      source: '")\n__import__("os")\\',
      cellId: 'a',
      ignore: ['KFP302']
    });
    expect(expression).toContain(
      '.findings("\\")\\n__import__(\\"os\\")\\\\", "a", ["KFP302"])'
    );
    expect(expression).not.toContain('\n');
  });
});

describe('diagnosticOf', () => {
  const text = Text.of(['def f():', 'x = scale', '']);

  it('stands where the finding is', () => {
    expect(diagnosticOf(FINDING, text, { fixed: () => undefined })).toEqual({
      from: 13,
      to: 18,
      severity: 'error',
      source: 'KFP101',
      message: FINDING.message
    });
  });

  it('stays inside of the text, whatever the kernel says', () => {
    for (const line of [0, 1, 3, 99]) {
      const { from, to } = diagnosticOf(
        { ...FINDING, line, end_line: line, column: 500, end_column: 900 },
        text,
        { fixed: () => undefined }
      );
      expect(from).toBeLessThanOrEqual(to);
      expect(to).toBeLessThanOrEqual(text.length);
    }
  });

  it('turns a repair into changes of the text', () => {
    const edit = {
      line: 2,
      column: 0,
      end_line: 2,
      end_column: 1,
      text: 'y'
    };
    expect(changesOf({ title: FINDING.rule, edits: [edit] }, text)).toEqual([
      { from: 9, to: 10, insert: 'y' }
    ]);
  });
});
