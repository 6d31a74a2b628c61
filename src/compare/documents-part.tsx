import * as React from 'react';

import { useRunEnvironment } from '../run/environment';
import { LoadedArtifact } from '../run/results/loaded-artifact';
import type { RunModel } from '../run/run-model';
import type { IComparedArtifact } from './compared-artifacts';
import { Name } from '../run/name';

/** Properties of the documents. */
export interface IDocumentsPartProps {
  readonly artifacts: readonly IComparedArtifact[];
  /** The runs in their order. */
  readonly models: readonly RunModel[];
  /** Their names. */
  readonly names: readonly string[];
}

/** Markdown and HTML of all runs side by side; read when a row is opened. */
export function DocumentsPart(props: IDocumentsPartProps): JSX.Element | null {
  const { artifacts } = props;
  const { trans } = useRunEnvironment();
  return artifacts.length === 0 ? null : (
    <section className="jp-KfpCompare-section">
      <h3>{trans.__('Reports')}</h3>
      {artifacts.map(artifact => (
        <Documents key={artifact.name} {...props} artifact={artifact} />
      ))}
    </section>
  );
}

function Documents(
  props: IDocumentsPartProps & { readonly artifact: IComparedArtifact }
): JSX.Element {
  const { artifact, models, names } = props;
  const { trans } = useRunEnvironment();
  const [isOpen, setOpen] = React.useState(false);
  return (
    <details
      className="jp-KfpCompare-report"
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <Name>{artifact.name}</Name>
      </summary>
      {isOpen && (
        <div className="jp-KfpCompare-columns">
          {artifact.outputs.map((output, run) => {
            const { store } = models[run];
            const id = output?.artifact_id;
            return (
              <section key={run} aria-label={names[run]}>
                <h4>{names[run]}</h4>
                {store && id !== undefined ? (
                  <LoadedArtifact
                    store={store}
                    artifactId={id}
                    name={`${artifact.name} (${names[run]})`}
                  />
                ) : (
                  <p className="jp-KfpEmpty">
                    {trans.__('This run has none.')}
                  </p>
                )}
              </section>
            );
          })}
        </div>
      )}
    </details>
  );
}
