import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePart } from '../pager';
import { parsed, preview } from './value-text';

/** Entries of one level shown at once. */
const PAGE = 100;
/** Characters of a list or an object that are shown beside its name. */
const PREVIEW = 48;

/**
 * A JSON value: scalars as text, lists and objects as a tree that opens. All of it text nodes.
 *
 * #### Notes
 * JupyterLab's own tree (`react-json-tree`) is not used: its arrows are `div`s that only a mouse reaches and no screen reader names, it
 * draws every entry of a level at once, and it carries colours of its own. `details` of the browser has all three for nothing.
 */
export function JsonValue(props: {
  readonly json: string;
  /** Whether the first level stands open. */
  readonly isOpen?: boolean;
}): JSX.Element {
  const value = React.useMemo(() => parsed(props.json), [props.json]);
  return <JsonTree value={value} isOpen={props.isOpen} />;
}

/** The same of a value that was read already. */
export function JsonTree(props: {
  readonly value: unknown;
  readonly isOpen?: boolean;
  /** What stands on the line of a list or an object instead of what it is. */
  readonly label?: string;
}): JSX.Element {
  const { value } = props;
  const { trans } = useRunEnvironment();
  const [isOpen, setOpen] = React.useState(props.isOpen ?? false);
  if (typeof value !== 'object' || value === null) {
    return (
      <span
        className={`jp-KfpJson jp-mod-${value === null ? 'null' : typeof value}`}
      >
        {typeof value === 'string' ? value : String(value)}
      </span>
    );
  }
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  return (
    <details
      className="jp-KfpJson"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        {props.label ??
          (Array.isArray(value)
            ? trans._n('list of %1 item', 'list of %1 items', count)
            : trans._n('object with %1 key', 'object with %1 keys', count))}
        {!isOpen && count > 0 && (
          <span className="jp-KfpJson-preview" aria-hidden="true">
            {preview(value, PREVIEW)}
          </span>
        )}
      </summary>
      {/* a level that is closed is not drawn: a value may have a million entries */}
      {isOpen && <Entries value={value} />}
    </details>
  );
}

function Entries(props: { readonly value: object }): JSX.Element {
  const entries = React.useMemo(
    () => Object.entries(props.value) as [string, unknown][],
    [props.value]
  );
  const [part, more] = usePart(entries, PAGE);
  return (
    <>
      <dl className="jp-KfpJson-entries">
        {part.map(([key, item]) => (
          <div key={key} className="jp-KfpJson-entry">
            <dt>{key}</dt>
            <dd>
              <JsonTree value={item} />
            </dd>
          </div>
        ))}
      </dl>
      {more}
    </>
  );
}
