import type { ArtifactInfo } from 'jupyterlab-kfp-model';

const KiB = 1024;
const MiB = 1024 * KiB;

/** How the content of an artifact is shown. */
export type ArtifactKind =
  'markdown' | 'html' | 'image' | 'svg' | 'csv' | 'json' | 'text' | 'none';

/** Bytes up to which a kind is shown; of the last three the rest is cut, of the others nothing is shown above it. */
export const LIMITS: Readonly<Record<ArtifactKind, number>> = {
  markdown: 512 * KiB,
  html: 5 * MiB,
  image: 10 * MiB,
  svg: 2 * MiB,
  csv: 10 * MiB,
  json: MiB,
  text: MiB,
  none: 0
};

/** Whether the beginning of a content that is too large is worth showing. */
export function canBeCut(kind: ArtifactKind): boolean {
  return kind === 'csv' || kind === 'json' || kind === 'text';
}

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** Tell how an artifact is shown: by its KFP type first, then by its media type. */
export function artifactKind(
  info: Pick<ArtifactInfo, 'type' | 'media_type' | 'is_folder'>
): ArtifactKind {
  if (info.is_folder) {
    return 'none';
  }
  if (info.type === 'system.Markdown') {
    return 'markdown';
  }
  if (info.type === 'system.HTML') {
    return 'html';
  }
  const media = info.media_type.split(';')[0].trim().toLowerCase();
  if (IMAGES.includes(media)) {
    return 'image';
  }
  switch (media) {
    case 'image/svg+xml':
      return 'svg';
    case 'text/markdown':
      return 'markdown';
    case 'text/html':
      return 'html';
    case 'text/csv':
    case 'text/tab-separated-values':
      return 'csv';
    case 'application/json':
      return 'json';
    default:
      return media.startsWith('text/') ? 'text' : 'none';
  }
}

/** A number of bytes for people. */
export function bytesText(bytes: number): string {
  if (bytes < KiB) {
    return `${bytes} B`;
  }
  if (bytes < MiB) {
    return `${(bytes / KiB).toFixed(1)} KiB`;
  }
  return bytes < KiB * MiB
    ? `${(bytes / MiB).toFixed(1)} MiB`
    : `${(bytes / MiB / KiB).toFixed(1)} GiB`;
}

const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:";
// files of other sites, but no pages of theirs in the place of the report, and no forms
const OPEN_POLICY =
  "default-src https: data: blob: 'unsafe-inline' 'unsafe-eval'; frame-src 'none'; object-src 'none'; form-action 'none'";

/**
 * The frame in which an HTML artifact is shown: nothing may be loaded, from anywhere.
 *
 * #### Notes
 * Two frames, one in the other: the policy of the outer one, in which nothing of the artifact stands, also forbids the inner one to go to
 * another address, which the policy of a document itself cannot. Neither has `allow-same-origin`; without trust there are no scripts.
 */
export function sandboxed(
  html: string,
  options: { readonly allowsLoads: boolean; readonly allowsScripts: boolean }
): string {
  const policy = options.allowsLoads ? OPEN_POLICY : POLICY;
  const sandbox = options.allowsScripts ? 'allow-scripts' : '';
  return `<!DOCTYPE html>${policyTag(policy)}<style>html,body{margin:0;height:100%}iframe{display:block;border:0;width:100%;height:100%}</style><iframe sandbox="${sandbox}" srcdoc="${inAttribute(`<!DOCTYPE html>${policyTag(policy)}${html}`)}"></iframe>`;
}

/**
 * Whether a report names files of other sites, which the frame will not load.
 *
 * #### Notes
 * Parsed in a document of its own, which loads nothing. A link that somebody has to click is no load.
 */
export function loadsFromElsewhere(html: string): boolean {
  if (!/\/\//.test(html)) {
    return false;
  }
  const page = new DOMParser().parseFromString(html, 'text/html');
  const isFar = (value: string | null): boolean =>
    /^\s*(?:https?:)?\/\//i.test(value ?? '');
  return Array.from(page.querySelectorAll('*')).some(element => {
    switch (element.localName) {
      case 'a':
      case 'area':
      case 'base':
        return false;
      case 'style':
        return /(?:@import|url\()\s*["']?\s*(?:https?:)?\/\//i.test(
          element.textContent ?? ''
        );
      case 'script':
        return (
          isFar(element.getAttribute('src')) ||
          /(?:\bfrom|\bimport|\bfetch)\s*\(?\s*["'`]https?:\/\//.test(
            element.textContent ?? ''
          )
        );
      default:
        return (
          ['src', 'href', 'xlink:href', 'poster', 'data'].some(name =>
            isFar(element.getAttribute(name))
          ) ||
          /(?:^|,)\s*(?:https?:)?\/\//i.test(
            element.getAttribute('srcset') ?? ''
          ) ||
          /url\(\s*["']?\s*(?:https?:)?\/\//i.test(
            element.getAttribute('style') ?? ''
          )
        );
    }
  });
}

function policyTag(policy: string): string {
  return `<meta http-equiv="Content-Security-Policy" content="${policy}">`;
}

function inAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;');
}
