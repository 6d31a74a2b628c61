/** What the name of an image says of what is in it. */

/** `3.11` of `python:3.11-slim` or `ubi9/python-311`; undefined when the image is no plain Python. */
export function pythonOfImage(image: string): string | undefined {
  const last =
    image
      .replace(/@sha256:.*$/, '')
      .split('/')
      .at(-1) ?? '';
  const plain = /^python:(\d+\.\d+)(?![\d])/.exec(last);
  if (plain !== null) {
    return plain[1];
  }
  const ubi = /^python-(\d)(\d{1,2})(?![\d])/.exec(last);
  return ubi === null ? undefined : `${ubi[1]}.${ubi[2]}`;
}

/** Whether the image behind a name can change: no tag, or one that moves. */
export function isFloating(image: string): boolean {
  if (image.includes('@')) {
    return false;
  }
  const last = image.split('/').at(-1) ?? '';
  const [, tag] = last.split(':');
  return tag === undefined || tag === '' || tag === 'latest';
}

/** Compare `3.9` and `3.12` as versions: negative when the first is older. */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [first, second].map(text => text.split('.').map(Number));
  for (let i = 0; i < Math.max(a?.length ?? 0, b?.length ?? 0); i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
