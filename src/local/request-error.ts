/** A request that cannot be served, in the words and shape of the chat-completions wire. */

/** What stands in the body's `error` member beside the message. */
export interface RequestErrorDetails {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Machine-readable, e.g. `unsupported_modality`. */
  readonly code: string;
  /** The member of the request that is wrong, e.g. `messages[0].content[1]`; null when it is none of them. */
  readonly param?: string | null;
  /** Until it makes sense to come again (429, 503). */
  readonly retryAfterSeconds?: number;
}

/** The request is answered with an error status; the next one is served. */
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
