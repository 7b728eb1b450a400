/** Decodes replies that are encoded although we did not ask for it, with a limit against decompression bombs. */

import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { ProviderError } from '../../errors.ts';
import type { ReplyHeaders } from './retry-after.ts';

/** Larger than any real answer, before and after decoding. */
export const MAX_REPLY_BYTES = 20 * 2 ** 20;

const DECODERS: Readonly<Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** The encoding in lower case; `identity` when the header is missing or empty. */
export function encodingOf(headers: ReplyHeaders): string {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  return encoding === '' ? 'identity' : encoding;
}

/** @throws {ProviderError} kind `invalid_response` for an unknown encoding, a broken stream, or too many bytes. */
export async function decodeBody(bytes: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decoder === undefined)
    throw new ProviderError('invalid_response', `the reply has the unknown encoding ${encoding.slice(0, 40)}`);
  try {
    return await decoder(bytes, { maxOutputLength: MAX_REPLY_BYTES });
  } catch (cause) {
    if (cause instanceof RangeError) throw replyTooLong();
    throw new ProviderError('invalid_response', `the reply is not a complete ${encoding} stream`, {
      retryable: true,
      cause,
    });
  }
}

export function replyTooLong(): ProviderError {
  return new ProviderError('invalid_response', `the reply is longer than ${MAX_REPLY_BYTES / 2 ** 20} MiB`);
}
