// what is not drawn, ends a line, or turns the order of what stands around it: a task named with U+202E before `gnp.exe` looks like a picture
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g;

/** A name that somebody else chose, for a place that takes text only: every character of it can be seen. */
export function shownName(name: string): string {
  return name.replace(
    UNSEEN,
    char =>
      `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`
  );
}
