/** Images of a compiled pipeline: KFP304, KFP305, KFP306, KFP404. */
import type { Check, Executed, RawFinding, Subject } from './finding.ts';
import { compareVersions, isFloating, pythonOfImage } from './images.ts';

/** Python 3.12 took `distutils` out of the standard library. */
const WITHOUT_DISTUTILS = '3.12';

export const checkImages: Check = subject => [
  ...subject.executed.flatMap(each => onePython(each, subject)),
  ...firstOfEach(subject.executed, 'KFP305', each => differs(each, subject)),
  ...firstOfEach(subject.executed, 'KFP306', ({ container: { image } }) =>
    isFloating(image) && !isStandIn(image)
      ? { key: image, message: 'Image tag can change.' }
      : undefined
  )
];

/** Images that only mark what the service does itself, and those that are decided at run time. */
function isStandIn(image: string): boolean {
  return image === '' || image.includes('{{') || /^argostub\//.test(image);
}

function onePython(
  { key, container, python }: Executed,
  { document, context }: Subject
): readonly RawFinding[] {
  const found = pythonOfImage(container.image);
  if (found === undefined) {
    return [];
  }
  if (python?.kind === 'lightweight' && python.kfpRequirement !== undefined) {
    const sdk = sdkVersion(document.spec.sdkVersion);
    const oldest = context.oldestPython ?? oldestPython(sdk);
    return compareVersions(found, oldest) >= 0
      ? []
      : [
          {
            rule: 'KFP304',
            severity: 'error',
            message: `kfp ${sdk} needs Python ${oldest} in the image, ${container.image} has ${found}.`,
            component: key
          }
        ];
  }
  const usesDistutils = [...container.command, ...container.args].some(word =>
    word.includes('distutils')
  );
  return usesDistutils && compareVersions(found, WITHOUT_DISTUTILS) >= 0
    ? [
        {
          rule: 'KFP404',
          severity: 'info',
          message: 'Uses distutils, which this image lacks.',
          component: key
        }
      ]
    : [];
}

/** `2.17` of `kfp-2.17.3`. */
function sdkVersion(text: string | undefined): string {
  return /(\d+\.\d+)/.exec(text ?? '')?.[1] ?? '2';
}

/** What the packages on the index ask for (`Requires-Python`). */
function oldestPython(sdk: string): string {
  return compareVersions(sdk, '2.10') >= 0
    ? '3.9'
    : compareVersions(sdk, '2.8') >= 0
      ? '3.8'
      : '3.7';
}

function differs(
  each: Executed,
  subject: Subject
): { readonly key: string; readonly message: string } | undefined {
  const { python: here, target } = subject.context;
  const found = pythonOfImage(each.container.image);
  return here === undefined ||
    found === undefined ||
    each.python === undefined ||
    compareVersions(found, here) === 0 ||
    // The local service takes what it finds when a task starts, the image only at last; its run says which Python that is.
    target === 'local' ||
    onePython(each, subject).length > 0
    ? undefined
    : {
        key: found,
        message: `Runs with Python ${found}, the notebook has ${here}.`
      };
}

/** Many components share an image: a hint is said once, at the first. */
function firstOfEach(
  executed: readonly Executed[],
  rule: string,
  find: (
    each: Executed
  ) => { readonly key: string; readonly message: string } | undefined
): readonly RawFinding[] {
  const seen = new Set<string>();
  return executed.flatMap((each): readonly RawFinding[] => {
    const found = find(each);
    if (found === undefined || seen.has(found.key)) {
      return [];
    }
    seen.add(found.key);
    return [
      { rule, severity: 'info', message: found.message, component: each.key }
    ];
  });
}
