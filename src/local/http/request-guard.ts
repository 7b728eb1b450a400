/** Rejects requests that a web page of another origin makes a browser send: the endpoint has no authentication. */

import type { IncomingMessage } from 'node:http';
import { RequestError } from '../request-error.ts';

/** Names of this machine, with or without a port. A page whose host name was pointed at it (DNS rebinding) sends its own. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** @throws {RequestError} 403 for a `Host` or an `Origin` that is not this machine. */
export function rejectForeign({ headers }: IncomingMessage): void {
  if (!LOOPBACK.test(headers.host ?? ''))
    throw new RequestError('The Host header must name this machine: 127.0.0.1, localhost or [::1].', {
      status: 403,
      code: 'forbidden_host',
    });
  const { origin } = headers;
  if (origin !== undefined && !LOOPBACK.test(origin.replace(/^https?:\/\//i, '')))
    throw new RequestError('Web pages of other origins may not use this endpoint.', {
      status: 403,
      code: 'forbidden_origin',
    });
}

/** @throws {RequestError} 415 unless the body has this media type: a form of any page may send other types unasked. */
export function requireType({ headers }: IncomingMessage, mediaType: string): void {
  const given = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (given !== mediaType)
    throw new RequestError(`The content-type must be ${mediaType}.`, { status: 415, code: 'unsupported_media_type' });
}
