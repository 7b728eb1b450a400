/** Sends a file of a run, whole or in part. */

import { createReadStream, fstatSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../errors.ts';
import { openFile } from '../files/open-file.ts';
import { RequestError } from '../local/request-error.ts';
import { requestedSpan } from './byte-range.ts';

export const REPORT_FILE = 'report.html';

/** A report may run its own script, and can neither load nor send anything else. Its own policy is stricter still. */
const REPORT_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const FILE_POLICY = "default-src 'none'; sandbox";

const PLAIN = 'text/plain; charset=utf-8';

/** Types that a browser shows without running them; all others are downloads. */
const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': PLAIN,
  '.md': PLAIN,
  '.txt': PLAIN,
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.flac': 'audio/flac',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
};

/** `path` is a real path below the results folder. @throws {RequestError} 404 for what is not a regular file that can be read. */
export async function sendFile(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const fd = opened(path);
  const { size } = fstatSync(fd);
  const head = { ...typeHeaders(path), 'accept-ranges': 'bytes' };
  // The file has no validator that a client could have sent.
  const span = request.headers['if-range'] === undefined ? requestedSpan(request.headers.range, size) : 'whole';
  if (span === 'none') response.writeHead(416, { ...head, 'content-range': `bytes */${size}`, 'content-length': 0 });
  else if (span === 'whole') response.writeHead(200, { ...head, 'content-length': size });
  else
    response.writeHead(206, {
      ...head,
      'content-range': `bytes ${span.start}-${span.end}/${size}`,
      'content-length': span.end - span.start + 1,
    });
  const isEmpty = request.method === 'HEAD' || span === 'none' || size === 0;
  // A journal that grows meanwhile must not send more than was announced.
  const { start, end } = typeof span === 'string' ? { start: 0, end: Math.max(0, size - 1) } : span;
  const content = createReadStream(path, { fd, start, end });
  if (!isEmpty) return pipeline(content, response);
  content.destroy();
  response.end();
}

function opened(path: string): number {
  try {
    return openFile(path, 'read');
  } catch (cause) {
    if (!(cause instanceof InputError || (cause instanceof Error && 'syscall' in cause))) throw cause;
    throw new RequestError('There is no such file.', { status: 404, code: 'not_found' }, { cause });
  }
}

function typeHeaders(path: string): Readonly<Record<string, string>> {
  if (basename(path) === REPORT_FILE)
    return { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': REPORT_POLICY };
  const type = TYPES[extname(path).toLowerCase()];
  return {
    'content-security-policy': FILE_POLICY,
    ...(type === undefined
      ? { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' }
      : { 'content-type': type }),
  };
}
