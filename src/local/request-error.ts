/** A request that cannot be served, with the error members of chat completions. */

/** Members of `error` in the body, except for the message. */
export interface RequestErrorDetails {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Machine-readable, e.g. `unsupported_modality`. */
  readonly code: string;
  /** The invalid member of the request, e.g. `messages[0].content[1]`; null when no member is invalid. */
  readonly param?: string | null;
  /** When a retry makes sense (429, 503). */
  readonly retryAfterSeconds?: number;
}

/** Answers the request with an error status; the server goes on. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly details: RequestErrorDetails;

  constructor(message: string, details: RequestErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.details = details;
  }
}

/** Status 400 for one member of the request. */
export function badRequest(message: string, code: string, param: string | null, cause?: unknown): RequestError {
  return new RequestError(message, { status: 400, code, param }, cause === undefined ? undefined : { cause });
}
