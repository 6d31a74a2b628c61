/** Every error answer of the KFP API, in one place. */
import type { FastifyReply } from 'fastify';

import { Code, ServiceError, type GrpcCode } from '../store/service-error.ts';
import { asStoreError, StoreError } from '../store/store-error.ts';
import { GatewayError } from './protojson.ts';

/** HTTP status by gRPC code (grpc-gateway's `HTTPStatusFromCode`). */
const STATUS: Readonly<Record<GrpcCode, number>> = {
  [Code.unknown]: 500,
  [Code.invalidArgument]: 400,
  [Code.notFound]: 404,
  [Code.alreadyExists]: 409,
  [Code.permissionDenied]: 403,
  [Code.aborted]: 409,
  [Code.unimplemented]: 501,
  [Code.internal]: 500,
  [Code.unavailable]: 503
};

/** An error answer, ready to send. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: {
    readonly code: number;
    readonly message: string;
    readonly details?: readonly {
      readonly '@type': string;
      readonly code: number;
      readonly message: string;
    }[];
  };
}

/** Answer of grpc-gateway routes. An error of no known kind is a fault of ours: 500, with its message in the chain. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof GatewayError) {
    return {
      status: 400,
      body: { code: error.code, message: error.message }
    };
  }
  const known = asServiceError(error);
  return {
    status: STATUS[known.code],
    body: {
      code: known.code,
      message: known.message,
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.Status',
          code: known.detailCode,
          message: known.userText
        }
      ]
    }
  };
}

/** Bring any error into KFP's shape. */
export function asServiceError(given: unknown): ServiceError {
  const error = asStoreError(given);
  if (error instanceof ServiceError) {
    return error;
  }
  if (error instanceof StoreError) {
    return new ServiceError(
      Code.unavailable,
      `ServiceUnavailable: ${error.message}`,
      error.message
    );
  }
  const text = error instanceof Error ? error.message : String(error);
  return new ServiceError(
    Code.internal,
    `InternalServerError: ${text}`,
    'Internal Server Error'
  );
}

/** Answer an unknown path. */
export const NOT_FOUND: ErrorAnswer = {
  status: 404,
  body: { code: Code.notFound, message: 'Not Found' }
};

/** Answer a known path with a verb it does not have. */
export const WRONG_METHOD: ErrorAnswer = {
  status: 501,
  body: { code: Code.unimplemented, message: 'Method Not Allowed' }
};

/** Failures of the hand-written routes: upload, log, artifact `:read`. */
export class PlainRouteError extends Error {
  readonly status: number;
  /** The server sends some of these as text/plain although the body is JSON. */
  readonly contentType: 'application/json' | 'text/plain';
  readonly details: string;

  constructor(
    status: number,
    message: string,
    contentType: 'application/json' | 'text/plain',
    details: string = message
  ) {
    super(message);
    this.status = status;
    this.contentType = contentType;
    this.details = details;
  }

  /** Send it. */
  async send(reply: FastifyReply): Promise<FastifyReply> {
    return reply
      .code(this.status)
      .header('content-type', this.contentType)
      .send(
        JSON.stringify({
          error_message: this.message,
          error_details: this.details
        })
      );
  }
}
