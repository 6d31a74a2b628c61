/** Where components look for artifacts that are not plain files of this machine. */

const REMOTE_ROOTS: readonly (readonly [string, string])[] = [
  ['gs://', '/gcs/'],
  ['minio://', '/minio/'],
  ['s3://', '/s3/']
];

/** Where a component finds an artifact: the SDK's runtime maps schemes to folders. */
export function artifactPath(uri: string): string {
  for (const [scheme, root] of REMOTE_ROOTS) {
    if (uri.startsWith(scheme)) {
      return root + uri.slice(scheme.length);
    }
  }
  if (uri.startsWith('oci://')) {
    return `/oci/${uri.slice(6).replaceAll('/', '_')}/models`;
  }
  return uri;
}
