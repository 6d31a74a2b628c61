import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePart } from '../pager';
import { parsed } from './value-text';

/** Entries of one level shown at once. */
const PAGE = 100;

/**
 * A JSON value: scalars as text, lists and objects as a tree that opens. All of it text nodes.
 *
 * #### Notes
 * JupyterLab's own tree (`react-json-tree`) is not used: its arrows are `div`s that only a mouse reaches and no screen reader names, it
 * draws every entry of a level at once, and it carries colours of its own. `details` of the browser has all three for nothing.
 */
export function JsonValue(props: { readonly json: string }): JSX.Element {
  const value = React.useMemo(() => parsed(props.json), [props.json]);
  return <Node value={value} isOpen={false} />;
}

function Node(props: {
  readonly value: unknown;
  readonly isOpen: boolean;
}): JSX.Element {
  const { value } = props;
  const { trans } = useRunEnvironment();
  const isTree = typeof value === 'object' && value !== null;
  const entries = React.useMemo(
    () => (isTree ? Object.entries(value) : []),
    [value]
  );
  const [part, more] = usePart(entries, PAGE);
  if (!isTree) {
    return (
      <span
        className={`jp-KfpJson jp-mod-${value === null ? 'null' : typeof value}`}
      >
        {typeof value === 'string' ? value : String(value)}
      </span>
    );
  }
  const label = Array.isArray(value)
    ? trans._n('list of %1 item', 'list of %1 items', entries.length)
    : trans._n('object with %1 key', 'object with %1 keys', entries.length);
  return (
    <details className="jp-KfpJson" open={props.isOpen}>
      <summary>{label}</summary>
      <dl className="jp-KfpJson-entries">
        {part.map(([key, item]) => (
          <div key={key} className="jp-KfpJson-entry">
            <dt>{key}</dt>
            <dd>
              <Node value={item} isOpen={false} />
            </dd>
          </div>
        ))}
      </dl>
      {more}
    </details>
  );
}
