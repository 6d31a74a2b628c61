import * as React from 'react';

/** Characters of a text that are read. */
const LIMIT = 256 * 1024;
/** Elements inside of each other; below it only their text counts. */
const DEPTH = 8;

const TAGS: readonly string[] = ['strong', 'code', 'ul', 'li'];
const UNSEEN: readonly string[] = ['script', 'style', 'template', 'noscript'];

/**
 * The HTML part of an output as elements of this page: the four that our texts use, of everything else the text. Parsed in a document of
 * its own, which runs and loads nothing.
 */
export function FallbackHtml(props: { readonly html: string }): JSX.Element {
  const { html } = props;
  const content = React.useMemo(() => {
    const page = new DOMParser().parseFromString(
      html.slice(0, LIMIT),
      'text/html'
    );
    return contentOf(page.body, 0);
  }, [html]);
  return <div className="jp-KfpRun-fallback">{content}</div>;
}

function contentOf(node: Node, depth: number): React.ReactNode[] {
  return Array.from(node.childNodes).map((child, index) => {
    if (!(child instanceof Element)) {
      return child.nodeType === Node.TEXT_NODE ? child.textContent : null;
    }
    const name = child.localName;
    if (UNSEEN.includes(name)) {
      return null;
    }
    const inner =
      depth < DEPTH ? contentOf(child, depth + 1) : child.textContent;
    return TAGS.includes(name)
      ? React.createElement(name, { key: index }, inner)
      : React.createElement(React.Fragment, { key: index }, inner);
  });
}
