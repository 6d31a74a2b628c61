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
  return bytes < MiB
    ? `${(bytes / KiB).toFixed(1)} KiB`
    : `${(bytes / MiB).toFixed(1)} MiB`;
}

/**
 * The frame in which an HTML artifact is shown: nothing may be loaded, from anywhere.
 *
 * #### Notes
 * The policy stands before the document, so nothing of it can come first. The frame has no `allow-same-origin`; without trust it has no
 * scripts either.
 */
export function sandboxed(html: string, allowsLoads: boolean): string {
  const policy = allowsLoads
    ? "default-src https: data: blob: 'unsafe-inline' 'unsafe-eval'"
    : "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data:";
  return `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${policy}">${html}`;
}

/** Whether a report names files of other sites, which the frame will not load. */
export function loadsFromElsewhere(html: string): boolean {
  return /(?:src|href)\s*=\s*["']?\s*(?:https?:)?\/\//i.test(html);
}
