/** How a stretch of a line looks. Colours are numbers of the 16 colour palette; others are brought to the nearest of them. */
export interface ILook {
  readonly foreground?: number;
  readonly background?: number;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

/** Text of one look. */
export interface IStretch {
  readonly text: string;
  readonly look: ILook;
}

const PLAIN: ILook = {};

// The forms of ECMA-48: CSI sequences, strings (OSC, DCS, SOS, PM, APC) up to BEL or ST, and all others, such as the `ESC ( B` that
// `tput sgr0` writes. `m` of CSI is the only one that is kept. What the end of a line cuts is removed too.
const ESCAPE =
  /\x1b(?:\[([0-9;:?<=>]*)[ -/]*([@-~]|$)|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*(?:[0-~]|$))/g;

/**
 * Take a line of a log apart into stretches of one look; escapes other than SGR are removed.
 *
 * @param look - how the line before ended.
 * @returns the stretches and how this line ends.
 */
export function parseAnsi(
  line: string,
  look: ILook = PLAIN
): { stretches: IStretch[]; look: ILook } {
  if (!line.includes('\x1b')) {
    return { stretches: line ? [{ text: clean(line), look }] : [], look };
  }
  const stretches: IStretch[] = [];
  let at = 0;
  let current = look;
  for (const match of line.matchAll(ESCAPE)) {
    const text = clean(line.slice(at, match.index));
    if (text) {
      stretches.push({ text, look: current });
    }
    at = (match.index ?? 0) + match[0].length;
    if (match[2] === 'm') {
      current = applied(current, match[1] ?? '');
    }
  }
  const rest = clean(line.slice(at));
  if (rest) {
    stretches.push({ text: rest, look: current });
  }
  return { stretches, look: current };
}

/** Cut stretches where ranges of their whole text begin and end. */
export function marked(
  stretches: readonly IStretch[],
  ranges: readonly (readonly [from: number, to: number])[]
): readonly (IStretch & { readonly isFound?: boolean })[] {
  if (ranges.length === 0) {
    return stretches;
  }
  const edges = ranges.flat();
  let start = 0;
  return stretches.flatMap(({ text, look }) => {
    const from = start;
    start += text.length;
    const cuts = [
      from,
      ...edges.filter(edge => edge > from && edge < start),
      start
    ];
    return cuts.slice(1).map((end, index) => ({
      text: text.slice(cuts[index] - from, end - from),
      look,
      isFound: ranges.some(
        ([first, last]) => first <= cuts[index] && end <= last
      )
    }));
  });
}

/** The CSS classes of a look. */
export function lookClass(look: ILook): string {
  return [
    look.foreground === undefined ? '' : `jp-KfpAnsi-fg${look.foreground}`,
    look.background === undefined ? '' : `jp-KfpAnsi-bg${look.background}`,
    look.bold ? 'jp-mod-bold' : '',
    look.dim ? 'jp-mod-dim' : '',
    look.italic ? 'jp-mod-italic' : '',
    look.underline ? 'jp-mod-underline' : '',
    look.inverse ? 'jp-mod-inverse' : ''
  ]
    .filter(Boolean)
    .join(' ');
}

// control characters that would be drawn as boxes
function clean(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
}

function applied(look: ILook, parameters: string): ILook {
  const codes = parameters
    .split(/[;:]/)
    .map(code => (code === '' ? 0 : Number(code)));
  let next: ILook = look;
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i];
    if (code === 38 || code === 48) {
      const { colour, used } = extended(codes.slice(i + 1));
      i += used;
      if (colour !== undefined) {
        next =
          code === 38
            ? { ...next, foreground: colour }
            : { ...next, background: colour };
      }
    } else {
      next = simple(next, code);
    }
  }
  return next;
}

function simple(look: ILook, code: number): ILook {
  if (code >= 30 && code <= 37) {
    return { ...look, foreground: code - 30 };
  }
  if (code >= 40 && code <= 47) {
    return { ...look, background: code - 40 };
  }
  if (code >= 90 && code <= 97) {
    return { ...look, foreground: code - 82 };
  }
  if (code >= 100 && code <= 107) {
    return { ...look, background: code - 92 };
  }
  switch (code) {
    case 0:
      return PLAIN;
    case 1:
      return { ...look, bold: true };
    case 2:
      return { ...look, dim: true };
    case 3:
      return { ...look, italic: true };
    case 4:
      return { ...look, underline: true };
    case 7:
      return { ...look, inverse: true };
    case 27:
      return { ...look, inverse: false };
    case 22:
      return { ...look, bold: false, dim: false };
    case 23:
      return { ...look, italic: false };
    case 24:
      return { ...look, underline: false };
    case 39:
      return { ...look, foreground: undefined };
    case 49:
      return { ...look, background: undefined };
    default:
      return look; // blink, conceal and the like are not for logs
  }
}

function extended(codes: readonly number[]): { colour?: number; used: number } {
  if (codes[0] === 5) {
    return { colour: of256(codes[1] ?? 0), used: 2 };
  }
  if (codes[0] === 2) {
    return {
      colour: ofRgb(codes[1] ?? 0, codes[2] ?? 0, codes[3] ?? 0),
      used: 4
    };
  }
  return { used: 0 };
}

function of256(index: number): number {
  if (index < 16) {
    return index;
  }
  if (index >= 232) {
    return index < 244 ? 8 : 7;
  }
  const cube = index - 16;
  return ofRgb(
    Math.floor(cube / 36) * 51,
    (Math.floor(cube / 6) % 6) * 51,
    (cube % 6) * 51
  );
}

function ofRgb(red: number, green: number, blue: number): number {
  const strong = Math.max(red, green, blue);
  if (strong < 64) {
    return 0;
  }
  const bit = (value: number): number => (value > strong / 2 ? 1 : 0);
  return bit(red) + 2 * bit(green) + 4 * bit(blue) + (strong > 192 ? 8 : 0);
}
