/** Marks in an editor: underlined text, a sign in the gutter, and the words on hover. Loaded with the first finding. */
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { StateEffect, type ChangeSpec, type Text } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

import type { IPlacedFinding } from './finding';

/** Editors that have the gutter. */
const prepared = new WeakSet<EditorView>();

/** What marks need beside the findings. */
export interface IMarksEnvironment {
  /** Called after a repair, when everything else may have moved. */
  fixed(): void;
}

/** Replace the marks of an editor. */
export function showMarks(
  view: EditorView,
  findings: readonly IPlacedFinding[],
  environment: IMarksEnvironment
): void {
  if (!prepared.has(view)) {
    prepared.add(view);
    view.dispatch({ effects: StateEffect.appendConfig.of(lintGutter()) });
  }
  view.dispatch(
    setDiagnostics(
      view.state,
      findings.map(finding =>
        diagnosticOf(finding, view.state.doc, environment)
      )
    )
  );
}

/** A finding as CodeMirror takes it. */
export function diagnosticOf(
  finding: IPlacedFinding,
  checked: Text,
  { fixed }: IMarksEnvironment
): Diagnostic {
  const { line, column, end_line: endLine, end_column: endColumn } = finding;
  const from = positionOf(checked, line, column ?? 0);
  const to =
    endColumn === undefined
      ? checked.line(Math.min(line, checked.lines)).to
      : positionOf(checked, endLine ?? line, endColumn);
  const { fix } = finding;
  return {
    from,
    to: Math.max(from, to),
    severity: finding.severity,
    source: finding.rule,
    message: finding.message,
    ...(fix && {
      actions: [
        {
          name: fix.title,
          apply: view => {
            // The repair is of the text that was checked; after an edit the check says anew where it belongs.
            if (view.state.doc.eq(checked)) {
              view.dispatch({ changes: changesOf(fix, checked) });
            }
            fixed();
          }
        }
      ]
    })
  };
}

/** The replacements of a repair, in positions of the text. */
export function changesOf(
  { edits }: NonNullable<IPlacedFinding['fix']>,
  text: Text
): ChangeSpec[] {
  return edits.map(edit => ({
    from: positionOf(text, edit.line, edit.column),
    to: positionOf(text, edit.end_line, edit.end_column),
    insert: edit.text
  }));
}

/** Position of a 1-based line and a 0-based column, never outside of the text. */
function positionOf(text: Text, line: number, column: number): number {
  const found = text.line(Math.min(Math.max(line, 1), text.lines));
  return Math.min(found.from + column, found.to);
}
