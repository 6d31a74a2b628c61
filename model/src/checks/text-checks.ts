/** Commands, environment and packages of components whose source nobody has checked: KFP112, KFP113, KFP302, KFP307. */
import { isSecretText, looksSecret } from '../parameters/secret-names.ts';
import type { Check, Executed, RawFinding, Subject } from './finding.ts';

/** Modules that people name in place of their package. */
const PACKAGES: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python-headless',
  pil: 'pillow',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'pyyaml'
};

export const checkTexts: Check = subject =>
  subject.executed.flatMap(each =>
    hasSource(each, subject)
      ? []
      : [...checkShell(each, subject), ...checkEnv(each), ...packages(each)]
  );

/** The kernel has looked at the source of the components for which it gives a place. */
function hasSource({ name }: Executed, { context }: Subject): boolean {
  const places = context.places ?? {};
  return (
    Object.hasOwn(places, name) ||
    Object.hasOwn(places, name.replace(/-\d+$/, ''))
  );
}

function checkShell(
  { key, container, python }: Executed,
  { document }: Subject
): readonly RawFinding[] {
  if (python !== undefined || container.image.startsWith('argostub/')) {
    return [];
  }
  const found: RawFinding[] = [];
  const add = (message: string): void => {
    found.push({
      rule: 'KFP113',
      severity: 'warning',
      message,
      component: key
    });
  };
  const words = [...container.command, ...container.args];
  const text = words.join('\n');
  // The whole input may be handed over at once.
  if (!text.includes('{{$}}') && !text.includes('{{$.json_escape')) {
    const component = document.spec.components[key];
    const { inputDefinitions: inputs, outputDefinitions: outputs } =
      component ?? {};
    for (const name of names(inputs)) {
      if (!isNamed(text, name)) {
        add(`Input "${name}" is never used.`);
      }
    }
    for (const name of names(outputs)) {
      if (!isNamed(text, name)) {
        add(`Output "${name}" is never written.`);
      }
    }
  }
  if (/\|\s*tee\b/.test(text) && !text.includes('pipefail')) {
    add('"tee" hides a failure of the command before it.');
  }
  return found;
}

function names(
  definitions:
    | {
        readonly parameters?: Readonly<Record<string, unknown>>;
        readonly artifacts?: Readonly<Record<string, unknown>>;
      }
    | undefined
): readonly string[] {
  return [
    ...Object.keys(definitions?.parameters ?? {}),
    ...Object.keys(definitions?.artifacts ?? {})
  ];
}

/** Placeholders name inputs and outputs as `['text']`, structures as `"InputName": "text"`. */
function isNamed(text: string, name: string): boolean {
  return text.includes(`['${name}']`) || text.includes(`"${name}"`);
}

function checkEnv({ key, container }: Executed): readonly RawFinding[] {
  return container.env.some(
    ({ name, value }) =>
      isSecretText(value) ||
      (value.length >= 8 &&
        !value.includes('{{') &&
        !/[/\s]/.test(value) &&
        looksSecret(name, value))
  )
    ? [
        {
          rule: 'KFP112',
          severity: 'warning',
          message:
            'This looks like a secret and would be stored in clear text. Use a Kubernetes secret.',
          component: key
        }
      ]
    : [];
}

function packages({ key, python }: Executed): readonly RawFinding[] {
  if (python?.kind !== 'lightweight') {
    return [];
  }
  return python.packages.flatMap((text): readonly RawFinding[] => {
    const plain =
      /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*([^;]*)/.exec(text) ?? undefined;
    if (plain === undefined || /^(?:git\+|https?:)|[/\\]|\.whl$/.test(text)) {
      return [];
    }
    const [, name = '', version = ''] = plain;
    const proper = PACKAGES[name.toLowerCase()];
    return [
      ...(proper === undefined
        ? []
        : [
            {
              rule: 'KFP307',
              severity: 'warning' as const,
              message: `The package of "${name}" is called ${proper}.`,
              component: key
            }
          ]),
      ...(version.trim() === ''
        ? [
            {
              rule: 'KFP302',
              severity: 'warning' as const,
              message: `"${text.trim()}" has no version. Runs will differ over time.`,
              component: key
            }
          ]
        : [])
    ];
  });
}
