/**
 * Errors as the KFP API server makes them: a text for the user, a chain for the log, a gRPC code.
 *
 * The prefixes and the two faces come from `backend/src/common/util/error.go`: the answer's `message` is the chain, outermost
 * wrapper first; `details[0].message` is the text for the user.
 */

/** gRPC codes that the service answers with. */
export const Code = {
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  aborted: 10,
  unimplemented: 12,
  internal: 13,
  unavailable: 14
} as const;

export type GrpcCode = (typeof Code)[keyof typeof Code];

/** What the user is told when the fault is said to be the server's. */
const INTERNAL_TEXT = 'Internal Server Error';

/** A failure with both faces. `message` (of `Error`) is the chain. */
export class ServiceError extends Error {
  /** Code of the answer. */
  readonly code: GrpcCode;
  /** Code inside `details`; differs only for plain errors. */
  readonly detailCode: GrpcCode;
  /** Text for the user; equals the chain for plain errors. */
  readonly userText: string;

  constructor(
    code: GrpcCode,
    chain: string,
    userText: string,
    detailCode: GrpcCode = code
  ) {
    super(chain);
    this.name = 'ServiceError';
    this.code = code;
    this.userText = userText;
    this.detailCode = detailCode;
  }

  /** The same error with a wrapper before its chain (`Failed to get a run`). */
  wrap(wrapper: string): ServiceError {
    return new ServiceError(
      this.code,
      `${wrapper}: ${this.message}`,
      this.userText,
      this.detailCode
    );
  }
}

/** 400: the request cannot be right (`NewInvalidInputError`). */
export function invalidInput(text: string): ServiceError {
  return new ServiceError(
    Code.invalidArgument,
    `Invalid input error: ${text}`,
    text
  );
}

/** 400 with a cause that only the chain shows (`NewInvalidInputErrorWithDetails`). */
export function invalidInputBecause(text: string, cause: string): ServiceError {
  return new ServiceError(
    Code.invalidArgument,
    `InvalidInputError: ${text}: ${cause}`,
    text
  );
}

/** 400 of a message part that the conversion does not know (`NewUnknownApiVersionError`). */
export function unknownApiVersion(text: string): ServiceError {
  return new ServiceError(
    Code.invalidArgument,
    `UnknownApiVersionError: ${text}`,
    text
  );
}

/** 404 (`NewResourceNotFoundError`). `type` is KFP's word: Run, Experiment, Pipeline, PipelineVersion, Job. */
export function notFound(type: string, name: string): ServiceError {
  const text = `${type} ${name} not found`;
  return new ServiceError(
    Code.notFound,
    `ResourceNotFoundError: ${text}`,
    text
  );
}

/** 409 for a name in use (`NewAlreadyExistError`). */
export function alreadyExists(text: string): ServiceError {
  return new ServiceError(
    Code.alreadyExists,
    `Already exist error: ${text}`,
    text
  );
}

/** 409, the server's "bad request" (`NewBadRequestError`). */
export function badRequest(text: string, cause?: string): ServiceError {
  const tail = cause === undefined ? '' : `: ${cause}`;
  return new ServiceError(
    Code.aborted,
    `BadRequestError: ${text}${tail}`,
    text
  );
}

/** 403 (`NewPermissionDeniedError`). */
export function permissionDenied(text: string): ServiceError {
  return new ServiceError(
    Code.permissionDenied,
    `PermissionDenied: ${text}`,
    text
  );
}

/** 500 whose cause only the chain shows (`NewInternalServerError`). */
export function internal(text: string, cause?: Error): ServiceError {
  const tail = cause === undefined ? '' : `: ${cause.message}`;
  return new ServiceError(
    Code.internal,
    `InternalServerError: ${text}${tail}`,
    INTERNAL_TEXT
  );
}

/** 500 of a plain Go error: the chain is one text, wrappers on later lines. */
export function plainError(
  text: string,
  wrappers: readonly string[]
): ServiceError {
  const chain = [`Internal error: ${text}`, ...wrappers].join('\n');
  return new ServiceError(Code.internal, chain, chain, Code.unknown);
}

/** Run `fn`; a `ServiceError` from it gets the wrapper, anything else goes on as it is. */
export function wrapping<T>(wrapper: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    throw error instanceof ServiceError ? error.wrap(wrapper) : error;
  }
}

/** The same for what ends later. */
export async function wrappingAsync<T>(
  wrapper: string,
  fn: () => Promise<T>
): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    throw error instanceof ServiceError ? error.wrap(wrapper) : error;
  }
}
