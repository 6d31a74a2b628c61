/** A fence whose content JupyterLab draws as a diagram: in doing so it lets HTML and pictures of other sites into this page. */
const DIAGRAM = /([`~]{3,}[^\S\n]*)mermaid/gi;

/**
 * Markdown in which raw HTML stands as text: an artifact may come from anybody.
 *
 * #### Notes
 * What is code stays as it is, because nothing in code is HTML; diagrams stay code. Addresses in angle brackets stay links.
 */
export function withoutRawHtml(markdown: string): string {
  const lines = markdown.split('\n');
  let fence = '';
  let isAfterBlank = true;
  let prose: string[] = [];
  const done: string[] = [];
  const endProse = (): void => {
    if (prose.length > 0) {
      done.push(escapeOutsideCode(prose.join('\n')));
      prose = [];
    }
  };
  for (const line of lines) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence) {
      done.push(line);
      if (mark.startsWith(fence) && line.trim() === mark) {
        fence = '';
      }
    } else if (
      mark &&
      !(
        mark[0] === '`' &&
        line.slice(line.indexOf(mark) + mark.length).includes('`')
      )
    ) {
      endProse();
      fence = mark;
      // what follows the fence becomes an attribute
      done.push(line.replace(/[<>"&]/g, ''));
    } else if (
      isAfterBlank &&
      /^(?: {4}|\t)/.test(line) &&
      prose.length === 0
    ) {
      done.push(line);
    } else {
      if (line.trim() === '') {
        endProse();
        done.push(line);
      } else {
        prose.push(line);
      }
    }
    isAfterBlank =
      line.trim() === '' || (isAfterBlank && /^(?: {4}|\t)/.test(line));
  }
  endProse();
  return done.join('\n').replace(DIAGRAM, '$1text');
}

function escapeOutsideCode(text: string): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const ticks = /^`+/.exec(text.slice(at, at + 64))?.[0];
    if (ticks) {
      const end = closing(text, at + ticks.length, ticks);
      const stop = end < 0 ? at + ticks.length : end + ticks.length;
      out += text.slice(at, stop);
      at = stop;
      continue;
    }
    const sign = text[at];
    if (sign === '\\' && text[at + 1] === '`') {
      out += '\\`';
      at += 2;
      continue;
    }
    const link =
      sign === '<' &&
      /^<(?:https?|mailto):[^\s<>"]*>/i.exec(text.slice(at, at + 2000));
    if (link) {
      out += link[0];
      at += link[0].length;
    } else {
      out += sign === '<' ? '&lt;' : sign;
      at += 1;
    }
  }
  return out;
}

// a run of exactly as many backticks
function closing(text: string, from: number, ticks: string): number {
  for (let at = text.indexOf(ticks, from); at >= 0;) {
    let end = at;
    while (text[end] === '`') {
      end += 1;
    }
    if (end - at === ticks.length) {
      return at;
    }
    at = text.indexOf(ticks, end);
  }
  return -1;
}
