/** Reads the body of a request, JSON or a form, up to a limit. */

import type { IncomingMessage } from 'node:http';
import { ByteCollector } from '../../collections/byte-collector.ts';
import { isDeeperThan } from '../../text/json-depth.ts';
import { badRequest, RequestError } from '../request-error.ts';
import type { BodyShare } from './body-budget.ts';

/** 20 MiB of media as base64 (a third more), and a MiB of text. */
const MAX_BODY_BYTES = 28 * 2 ** 20;

/** Requests nest some ten levels, and the schema of a tool some more. */
const MAX_DEPTH = 64;

/** When a request that found no room is worth another try. */
const RETRY_AFTER_SECONDS = 1;

/**
 * The parsed body, which `share` counts. Bytes beyond a limit are read and dropped, so that the client gets the answer
 * instead of a reset.
 * @throws {RequestError} 413 for a longer body, 503 without room for it, 400 for one that is not JSON or nested too deeply.
 */
export async function readJsonBody(request: IncomingMessage, share: BodyShare): Promise<unknown> {
  const body = await readBody(request, share);
  if (isDeeperThan(body, MAX_DEPTH))
    throw badRequest(`The body is nested deeper than ${MAX_DEPTH} levels.`, 'json_too_deep', null);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw badRequest('The body is not valid JSON.', 'invalid_json', null, error);
  }
}

/**
 * The parsed form, which `share` counts.
 * @throws {RequestError} 413 for a longer body, 503 without room for it, 400 for one that is not a form.
 */
export async function readFormBody(request: IncomingMessage, share: BodyShare): Promise<FormData> {
  const body = await readBody(request, share);
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  try {
    return await new Response(new Uint8Array(body), { headers }).formData();
  } catch (error) {
    throw badRequest('The body is not a valid form.', 'invalid_form', null, error);
  }
}

async function readBody(request: IncomingMessage, share: BodyShare): Promise<Buffer> {
  const body = new ByteCollector();
  let fault: RequestError | undefined;
  for await (const part of request) {
    if (fault !== undefined || !Buffer.isBuffer(part)) continue;
    if (body.length + part.length > MAX_BODY_BYTES) fault = tooLarge();
    else if (share.add(part.length)) body.push(part);
    else fault = noRoom();
    if (fault === undefined) continue;
    body.clear();
    share.release();
  }
  if (fault !== undefined) throw fault;
  return body.bytes();
}

function tooLarge(): RequestError {
  const details = { status: 413, code: 'request_too_large' };
  return new RequestError(`The body is larger than ${MAX_BODY_BYTES / 2 ** 20} MiB.`, details);
}

function noRoom(): RequestError {
  const details = { status: 503, code: 'bodies_full', retryAfterSeconds: RETRY_AFTER_SECONDS };
  return new RequestError('The bodies of the requests in flight are too large together.', details);
}
