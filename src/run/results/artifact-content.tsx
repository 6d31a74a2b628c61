import { MimeModel } from '@jupyterlab/rendermime';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import { usePage } from '../pager';
import {
  loadsFromElsewhere,
  sandboxed,
  type ArtifactKind
} from './artifact-kind';
import { closedRendermime } from './closed-rendermime';
import { parseTable } from './delimited-table';
import { withoutRawHtml } from './raw-html';
import { JsonValue } from './value';
import { shownName } from '../shown-name';

/** Rows of a table on one page. */
const PAGE = 100;

/** Properties of the content. */
export interface IArtifactContentProps {
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly blob: Blob;
}

/** The content of an artifact. Nothing of it becomes part of this page: text nodes, images and a closed frame. */
export function ArtifactContent(
  props: IArtifactContentProps
): JSX.Element | null {
  switch (props.kind) {
    case 'image':
    case 'svg':
      return <Picture {...props} />;
    case 'markdown':
    case 'html':
    case 'csv':
    case 'json':
    case 'text':
      return <Text {...props} />;
    case 'none':
      return null;
  }
}

function Picture(props: IArtifactContentProps): JSX.Element {
  const { kind, blob } = props;
  const [url, setUrl] = React.useState('');
  React.useEffect(() => {
    const typed =
      kind === 'svg' ? new Blob([blob], { type: 'image/svg+xml' }) : blob;
    const address = URL.createObjectURL(typed);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [blob, kind]);
  return (
    <img
      className="jp-KfpArtifact-image"
      src={url || undefined}
      alt={shownName(props.name)}
    />
  );
}

function Text(props: IArtifactContentProps): JSX.Element {
  const { kind, blob } = props;
  const { trans } = useRunEnvironment();
  const [text, setText] = React.useState<string | null>(null);
  React.useEffect(() => {
    let isCurrent = true;
    blob
      .text()
      .then(content => {
        if (isCurrent) {
          setText(content);
        }
      })
      .catch(reason =>
        console.error('An artifact could not be read as text.', reason)
      );
    return () => {
      isCurrent = false;
    };
  }, [blob]);
  if (text === null) {
    return <p className="jp-KfpEmpty">{trans.__('Loading…')}</p>;
  }
  switch (kind) {
    case 'markdown':
      return <Markdown text={text} />;
    case 'html':
      return <Report text={text} name={props.name} />;
    case 'csv':
      return <Table text={text} />;
    case 'json':
      return <JsonValue json={text} />;
    default:
      return <pre className="jp-KfpArtifact-text">{text}</pre>;
  }
}

function Markdown(props: { readonly text: string }): JSX.Element {
  const { rendermime } = useRunEnvironment();
  const place = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const node = place.current;
    if (!node || !rendermime) {
      return;
    }
    const model = new MimeModel({
      data: { 'text/markdown': withoutRawHtml(props.text) },
      trusted: false
    });
    const renderer =
      closedRendermime(rendermime).createRenderer('text/markdown');
    renderer
      .renderModel(model)
      .catch(reason =>
        console.error('A Markdown artifact could not be drawn.', reason)
      );
    node.appendChild(renderer.node);
    return () => {
      renderer.dispose();
      node.replaceChildren();
    };
  }, [rendermime, props.text]);
  return rendermime ? (
    <div ref={place} className="jp-KfpArtifact-markdown" />
  ) : (
    <pre className="jp-KfpArtifact-text">{props.text}</pre>
  );
}

function Report(props: {
  readonly text: string;
  readonly name: string;
}): JSX.Element {
  const { trans, trusted } = useRunEnvironment();
  const [allowsLoads, setAllowsLoads] = React.useState(false);
  return (
    <>
      {loadsFromElsewhere(props.text) && !allowsLoads && (
        <p className="jp-KfpEmpty">
          {trans.__('This report loads files from other sites.')}{' '}
          {trusted && (
            <button
              type="button"
              className="jp-KfpButton"
              onClick={() => setAllowsLoads(true)}
            >
              {trans.__('Allow once')}
            </button>
          )}
        </p>
      )}
      <iframe
        className="jp-KfpArtifact-frame"
        title={shownName(props.name)}
        sandbox={trusted ? 'allow-scripts' : ''}
        referrerPolicy="no-referrer"
        srcDoc={sandboxed(props.text, {
          allowsLoads,
          allowsScripts: trusted
        })}
      />
    </>
  );
}

function Table(props: { readonly text: string }): JSX.Element {
  const table = React.useMemo(() => parseTable(props.text), [props.text]);
  const [page, pager] = usePage(table.rows, PAGE);
  return (
    <div className="jp-KfpArtifact-table">
      <table className="jp-KfpTable">
        <thead>
          <tr>
            {table.header.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {page.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {pager}
    </div>
  );
}
