import { durationText } from 'jupyterlab-kfp-model';
import * as React from 'react';

import { shownName } from './shown-name';

/** A name that somebody else chose: every character of it can be seen, and it does not move what stands beside it. */
export function Name(props: { readonly children: string }): JSX.Element {
  return <bdi>{shownName(props.children)}</bdi>;
}

/** The name of a run or pipeline in a first line. A long one gives way, but not altogether; a short one takes no more than it needs. */
export function HeaderName(props: { readonly name: string }): JSX.Element {
  const { name } = props;
  return (
    <span
      className="jp-KfpRun-name"
      style={{ minWidth: `${Math.min(5, 0.4 * name.length)}ch` }}
      title={shownName(name)}
    >
      <Name>{name}</Name>
    </span>
  );
}

/** How long something took: `<1s` would be turned around in a page that is read from the right. */
export function Duration(props: { readonly seconds: number }): JSX.Element {
  return <bdi>{durationText(props.seconds)}</bdi>;
}
