import * as React from 'react';

import type { IComponentSource } from './component-sources';
import { CopyButton } from './copy-button';
import { useRunEnvironment } from './environment';
import type { RunModel } from './run-model';
import { shownName } from './shown-name';
import { useSource } from './use-source';

/** The pipeline as it was submitted, and the code of each of its components. */
export function SourceTab(props: { readonly model: RunModel }): JSX.Element {
  const { trans } = useRunEnvironment();
  const { text, problem } = useSource(props.model);
  const components = useComponents(text);
  const [chosen, setChosen] = React.useState('');
  if (text === null) {
    return (
      <p className="jp-KfpEmpty">
        {problem ||
          (props.model.isWatching
            ? trans.__('Loading the source…')
            : trans.__('The source is shown when the run is connected.'))}
      </p>
    );
  }
  const component = components.find(({ name }) => name === chosen);
  const shown = component?.text ?? text;
  return (
    <div className="jp-KfpSource">
      <div className="jp-KfpSource-tools">
        {components.length > 0 && (
          <select
            className="jp-KfpSelect"
            aria-label={trans.__('Part of the pipeline')}
            value={component ? chosen : ''}
            onChange={event => setChosen(event.target.value)}
          >
            <option value="">{trans.__('The whole pipeline')}</option>
            {components.map(({ name }) => (
              <option key={name} value={name}>
                {shownName(name)}
              </option>
            ))}
          </select>
        )}
        <CopyButton label={trans.__('Copy')} text={() => shown} />
        {component && (
          <span className="jp-KfpDetail-quiet">
            {[component.image, ...component.packages].join(' · ')}
          </span>
        )}
      </div>
      <pre className="jp-KfpArtifact-text" tabIndex={0}>
        {shown}
      </pre>
    </div>
  );
}

function useComponents(text: string | null): readonly IComponentSource[] {
  const [components, setComponents] = React.useState<
    readonly IComponentSource[]
  >([]);
  React.useEffect(() => {
    let isCurrent = true;
    if (text !== null) {
      // the reader of pipelines is large and only needed here
      import('./component-sources')
        .then(({ componentSources }) => {
          if (isCurrent) {
            setComponents(componentSources(text));
          }
        })
        .catch(reason =>
          console.error('The components could not be read.', reason)
        );
    }
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return components;
}
