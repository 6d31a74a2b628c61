/**
 * The only place that writes HTML: text is escaped, and only four tags exist.
 *
 * nbconvert's sanitizer leaves `strong`, `code`, `ul` and `li` alone and prints every other tag as text.
 */

/** HTML that was made here; text must pass `escapeHtml` to become one. */
export type Html = string & { readonly __html: true };

/** Text as HTML. For the content of elements; nothing here writes attributes. */
export function escapeHtml(text: string): Html {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;') as Html; // the escaping is what makes it one
}

/**
 * Text as HTML outside of a list: exports to Markdown leave it as it is, and there a name could become a link or a picture of another
 * site. Inside of a list nothing is taken for Markdown.
 */
export function escapeHead(text: string): Html {
  return escapeHtml(text).replace(
    /[\\`*_[\]~!]|:(?=\/\/)/g,
    sign => `&#${sign.charCodeAt(0)};`
  ) as Html; // entities are HTML
}

/** An element of the four that viewers leave alone. */
export function element(
  tag: 'strong' | 'code' | 'li',
  ...content: readonly Html[]
): Html {
  return `<${tag}>${content.join('')}</${tag}>` as Html; // parts are HTML already
}

/** A list, one item a line; empty lists are nothing. */
export function list(items: readonly Html[]): Html {
  return (
    items.length === 0
      ? ''
      : `<ul>\n${items.map(item => element('li', item)).join('\n')}\n</ul>`
  ) as Html; // parts are HTML already
}

/** Parts one after the other. */
export function joined(...parts: readonly Html[]): Html {
  return parts.join('') as Html; // parts are HTML already
}
