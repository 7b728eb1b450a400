/** Reads the JSON body of a request up to a limit. */

import type { IncomingMessage } from 'node:http';
import { badRequest, RequestError } from './request-error.ts';

/** 20 MiB of media as base64 (a third more), and a MiB of text. */
const MAX_BODY_BYTES = 28 * 2 ** 20;

/**
 * The parsed body. Bytes beyond the limit are read and dropped, so that the client gets the answer instead of a reset.
 * @throws {RequestError} 413 for a longer body, 400 for one that is not JSON.
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    length += part.length;
    if (length <= MAX_BODY_BYTES) parts.push(part);
    else parts.length = 0;
  }
  if (length > MAX_BODY_BYTES)
    throw new RequestError(`The body is larger than ${MAX_BODY_BYTES / 2 ** 20} MiB.`, {
      status: 413,
      code: 'request_too_large',
    });
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (error) {
    throw badRequest('The body is not valid JSON.', 'invalid_json', null, error);
  }
}
