import { MimeModel } from '@jupyterlab/rendermime';
import * as React from 'react';

import { useRunEnvironment } from '../environment';
import {
  loadsFromElsewhere,
  sandboxed,
  type ArtifactKind
} from './artifact-kind';
import { closedRendermime } from './closed-rendermime';
import { ArtifactTable } from './artifact-table';
import { withoutRawHtml } from './raw-html';
import { JsonTree } from './value';
import { parsed } from './value-text';
import { shownName } from '../shown-name';

/** Properties of the content. */
export interface IArtifactContentProps {
  readonly kind: ArtifactKind;
  readonly name: string;
  readonly blob: Blob;
  /** Whether the content goes on behind what is here. */
  readonly isCut?: boolean;
}

/** The content of an artifact. Nothing of it becomes part of this page: text nodes, images and a closed frame. */
export function ArtifactContent(
  props: IArtifactContentProps
): JSX.Element | null {
  const { trans } = useRunEnvironment();
  if (props.blob.size === 0) {
    return <p className="jp-KfpEmpty">{trans.__('The file is empty.')}</p>;
  }
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
  const { trans } = useRunEnvironment();
  const [url, setUrl] = React.useState('');
  const [isBroken, setBroken] = React.useState(false);
  React.useEffect(() => {
    setBroken(false);
    const typed =
      kind === 'svg' ? new Blob([blob], { type: 'image/svg+xml' }) : blob;
    const address = URL.createObjectURL(typed);
    setUrl(address);
    return () => URL.revokeObjectURL(address);
  }, [blob, kind]);
  return isBroken ? (
    <p className="jp-KfpEmpty">
      {trans.__(
        'This is not a picture that can be drawn, whatever its name says.'
      )}
    </p>
  ) : (
    <img
      className="jp-KfpArtifact-image"
      src={url || undefined}
      alt={shownName(props.name)}
      onError={() => setBroken(true)}
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
      return <ArtifactTable text={text} isCut={props.isCut ?? false} />;
    case 'json':
      return <Json text={text} />;
    default:
      return <PlainText text={text} />;
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
    <PlainText text={props.text} />
  );
}

function PlainText(props: { readonly text: string }): JSX.Element {
  return (
    <pre className="jp-KfpArtifact-text" tabIndex={0}>
      {props.text}
    </pre>
  );
}

function Json(props: { readonly text: string }): JSX.Element {
  const { trans } = useRunEnvironment();
  const value = React.useMemo(() => parsed(props.text), [props.text]);
  // what cannot be read is given back as it stands
  return value === props.text ? (
    <>
      <p className="jp-KfpEmpty">
        {trans.__('This is not one JSON value; it is shown as text.')}
      </p>
      <PlainText text={props.text} />
    </>
  ) : (
    <JsonTree value={value} isOpen />
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
