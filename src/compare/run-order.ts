/** By which row the columns of a comparison are put in order. */
export interface IRunOrder {
  /** Part and name of the row. */
  readonly row: string;
  readonly isDescending: boolean;
}

/** The places of values in order: numbers by size, others by their letters, those that are missing last. */
export function orderOf(
  values: readonly (string | number | null)[],
  isDescending: boolean
): readonly number[] {
  const sign = isDescending ? -1 : 1;
  return values
    .map((value, place) => ({ value, place }))
    .sort((a, b) =>
      a.value === null || b.value === null
        ? Number(a.value === null) - Number(b.value === null)
        : sign * compared(a.value, b.value)
    )
    .map(({ place }) => place);
}

/** The order after one more click on a row: up, down, as they were added. */
export function nextOrder(
  order: IRunOrder | null,
  row: string
): IRunOrder | null {
  if (order?.row !== row) {
    return { row, isDescending: false };
  }
  return order.isDescending ? null : { row, isDescending: true };
}

function compared(a: string | number, b: string | number): number {
  const left = Number(a);
  const right = Number(b);
  return Number.isNaN(left) || Number.isNaN(right)
    ? String(a).localeCompare(String(b), undefined, { numeric: true })
    : left - right;
}
