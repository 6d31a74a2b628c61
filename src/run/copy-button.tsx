import * as React from 'react';

import { copyText } from './clipboard';
import { useRunEnvironment } from './environment';

/** Milliseconds for which the button says that it did. */
const SAID = 2000;

/** A button that copies a text, and says so for a moment. */
export function CopyButton(props: {
  readonly label: string;
  /** Made when it is asked for. */
  readonly text: () => string;
}): JSX.Element {
  const { trans } = useRunEnvironment();
  const [isCopied, setCopied] = React.useState(false);
  React.useEffect(() => {
    if (isCopied) {
      const timer = window.setTimeout(() => setCopied(false), SAID);
      return () => window.clearTimeout(timer);
    }
  }, [isCopied]);
  return (
    <button
      type="button"
      className="jp-KfpButton jp-KfpCopy"
      onClick={() => {
        copyText(props.text());
        setCopied(true);
      }}
    >
      {/* both stand in one place, so that nothing beside the button moves */}
      <span className={isCopied ? 'jp-mod-away' : ''}>{props.label}</span>
      <span className={isCopied ? '' : 'jp-mod-away'}>
        {isCopied ? trans.__('Copied') : ''}
      </span>
    </button>
  );
}
