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

// the letters of scripts that are read from right to left
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * Something of another origin inside a sentence, as a name or a time: it turns nothing around in the sentence, and the sentence nothing in it.
 *
 * #### Notes
 * The signs that part it from the rest stand only where the two could be read in different directions, so that texts stay what they look
 * like wherever they are copied to or searched in.
 */
export function inSentence(text: string): string {
  const shown = shownName(text);
  return document.documentElement.dir === 'rtl' || RIGHT_TO_LEFT.test(shown)
    ? `\u2068${shown}\u2069`
    : shown;
}
