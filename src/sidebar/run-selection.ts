/** Which rows of a list are chosen, and where a range begins. */
export interface ISelection {
  readonly ids: ReadonlySet<string>;
  /** The row that was chosen last; a range goes from there. */
  readonly anchor: string | null;
}

/** No row. */
export const NOTHING: ISelection = { ids: new Set(), anchor: null };

/** Take a row in, or out when it is in already. */
export function toggled(selection: ISelection, id: string): ISelection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) {
    ids.add(id);
  }
  return { ids, anchor: id };
}

/** Take in all rows from the one chosen last to this one, in the order of the list. */
export function extended(
  selection: ISelection,
  id: string,
  order: readonly string[]
): ISelection {
  const from = order.indexOf(selection.anchor ?? id);
  const to = order.indexOf(id);
  const range =
    from < 0 ? [id] : order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return {
    ids: new Set([...selection.ids, ...range]),
    anchor: selection.anchor ?? id
  };
}
