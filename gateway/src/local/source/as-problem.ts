/** Errors of the KFP API in the workbench's words: the cause, never "Internal Server Error". */
import { ProblemError } from '../../problem.ts';
import { Code, ServiceError } from '../store/service-error.ts';
import { asStoreError, StoreError } from '../store/store-error.ts';

const PREFIXES =
  /^(?:.*?)(?:Invalid input error|InvalidInputError|ResourceNotFoundError|NotFoundError|Already exist error|BadRequestError|InternalServerError|FailedPreconditionError): /s;

/** Turn any error of the local service into a problem; faults of ours pass through. */
export function asProblem(given: unknown): unknown {
  const error = asStoreError(given);
  if (error instanceof StoreError) {
    return new ProblemError('local-storage', error.message, { cause: error });
  }
  if (!(error instanceof ServiceError)) {
    return error;
  }
  const message = causeOf(error);
  return new ProblemError(codeOf(error, message), message, { cause: error });
}

/** The text for the user, or what stands behind the last known prefix (kfp-api section 2.3). */
function causeOf(error: ServiceError): string {
  const hidden = ['Internal Server Error', 'Service unavailable'];
  if (error.userText !== '' && !hidden.includes(error.userText)) {
    return error.userText;
  }
  const line = error.message.split('\n', 1)[0] ?? error.message;
  return line.replace(PREFIXES, '');
}

/** How the failures of a list's query begin (`list-query.ts`, `list-request.ts`). */
const QUERY =
  /^(failed to parse valid filter|no support for filtering|cannot use |cannot sort|only EQUALS|Predicate |Invalid sorting|Received invalid sort|Invalid page token|page token|The page size)/;

function codeOf(error: ServiceError, message: string): string {
  if (QUERY.test(message)) {
    return 'bad-request';
  }
  if (/it needs docker or podman/.test(message)) {
    return 'local-needs-container';
  }
  if (/cannot run here:/.test(message)) {
    return 'local-refused';
  }
  if (/parameter/.test(message) && error.code === Code.invalidArgument) {
    return 'bad-param';
  }
  switch (error.code) {
    case Code.notFound:
      return 'not-found';
    case Code.alreadyExists:
    case Code.aborted:
      return 'conflict';
    case Code.permissionDenied:
      return 'auth-denied';
    case Code.unavailable:
      return 'local-storage';
    default:
      return 'bad-pipeline';
  }
}
