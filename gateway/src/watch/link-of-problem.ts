/** What goes wrong with a look, in the words of a page. */
import type { LinkState } from 'jupyterlab-kfp-model';

import { ProblemError } from '../problem.ts';

/** Bring any error into the shape of a problem; what is none is reported. */
export function asProblem(
  error: unknown,
  report: (error: unknown) => void
): ProblemError {
  if (error instanceof ProblemError) {
    return error;
  }
  report(error);
  return new ProblemError('internal', 'The gateway met an internal error.', {
    cause: error
  });
}

/** The link state that a problem of a source means for those who look. */
export function linkOf(code: string): LinkState {
  switch (code) {
    case 'auth-missing':
    case 'auth-expired':
      return 'sign-in';
    case 'auth-denied':
      return 'no-access';
    case 'not-found':
      return 'not-found';
    case 'conn-unknown':
      return 'unknown-connection';
    default:
      return 'stale';
  }
}
