import * as React from 'react';

/** A part of the sidebar that folds. */
export function Section(props: {
  readonly title: string;
  readonly className?: string;
  readonly children: React.ReactNode;
}): JSX.Element {
  return (
    <details className={`jp-KfpSection ${props.className ?? ''}`} open={true}>
      <summary className="jp-KfpSection-title">{props.title}</summary>
      {props.children}
    </details>
  );
}
