/** Opens media files safely: only regular files, no symbolic links, no blocking on pipes, no more bytes than the limit. */

import { createHash, hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ByteSource, fileSource } from '../media/byte-source.ts';
import { exifOrientation } from '../media/exif-orientation.ts';
import { readPdf } from '../media/pdf.ts';
import { errorCode } from './defect.ts';
import { FOREIGN_BYTES, type ForeignType, foreignType } from './foreign-types.ts';
import { sniffMediaType } from './sniff.ts';

/** Largest single file by default: the audio message limit of Azure OpenAI and the inline request limit of Gemini. */
export const MAX_MEDIA_BYTES = 20 * 2 ** 20;

/** Why a file cannot be used; the message follows the name of the file. */
export interface Fault {
  readonly message: string;
  readonly hint?: string;
}

/** Facts of a file that validation keeps. */
export interface FileFacts {
  /** By its first bytes; undefined for an unknown type. */
  readonly mediaType: string | undefined;
  /** What a file of an unknown type is. */
  readonly foreign?: ForeignType | undefined;
  readonly byteLength: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Of an image whose pixels are not stored upright: EXIF, 2 to 8. */
  readonly orientation?: number;
  /** Of a document. */
  readonly pages?: number;
  /** Why a document cannot be used. */
  readonly broken?: Fault;
}

const CHUNK_BYTES = 2 ** 18;

/** Windows lacks both flags. Links were resolved before. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Reads a file once in small pieces for its type, size and hash. */
export async function describeFile(path: string, maxBytes: number): Promise<FileFacts | Fault> {
  return withFile(path, maxBytes, async (file, size) => {
    const digest = createHash('sha256');
    const chunk = Buffer.allocUnsafe(Math.min(size + 1, CHUNK_BYTES));
    let head = Buffer.alloc(0);
    let byteLength = 0;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, chunk.length);
      if (bytesRead === 0) break;
      if (byteLength < FOREIGN_BYTES)
        head = Buffer.concat([head, chunk.subarray(0, Math.min(bytesRead, FOREIGN_BYTES))]);
      byteLength += bytesRead;
      if (byteLength > maxBytes) return tooLarge(byteLength, maxBytes);
      digest.update(chunk.subarray(0, bytesRead));
    }
    const mediaType = sniffMediaType(head);
    const orientation = await orientationOf(fileSource(file, byteLength), mediaType);
    const foreign = mediaType === undefined ? { foreign: foreignType(head) } : {};
    const sha256 = digest.digest('hex');
    const pages = await pagesOf(mediaType, sha256, async () => {
      const whole = Buffer.alloc(byteLength);
      await file.read(whole, 0, byteLength, 0);
      return whole;
    });
    return { mediaType, byteLength, sha256, ...orientation, ...pages, ...foreign };
  });
}

/** The orientation of an image that is not stored upright; no member for all others. */
export async function orientationOf(
  source: ByteSource,
  mediaType: string | undefined,
): Promise<Pick<FileFacts, 'orientation'>> {
  const orientation = await exifOrientation(source, mediaType ?? '');
  return orientation === 1 ? {} : { orientation };
}

/** The pages of a document, or why it cannot be used; no member for other media, and without the package that reads it. */
export async function pagesOf(
  mediaType: string | undefined,
  sha256: string,
  bytesOf: () => Promise<Uint8Array>,
): Promise<Pick<FileFacts, 'pages' | 'broken'>> {
  if (mediaType !== 'application/pdf') return {};
  const facts = await readPdf(sha256, bytesOf);
  if (facts === null) return {};
  return 'pages' in facts ? { pages: facts.pageCount } : { broken: facts };
}

/** Reads the bytes of a file that was described before; a fault when they have changed. */
export async function readUnchanged(
  path: string,
  facts: Pick<FileFacts, 'byteLength' | 'sha256'>,
): Promise<Buffer | Fault> {
  return withFile(path, Number.POSITIVE_INFINITY, async (file, size) => {
    const bytes = size === facts.byteLength ? await file.readFile() : undefined;
    if (bytes !== undefined && hash('sha256', bytes) === facts.sha256) return bytes;
    return { message: 'changed since validation', hint: 'do not change media during a run' };
  });
}

async function withFile<T>(
  path: string,
  maxBytes: number,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T | Fault> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, OPEN_FLAGS);
    const stat = await file.stat();
    if (!stat.isFile()) return { message: stat.isDirectory() ? 'is a folder' : 'is not a regular file' };
    if (stat.size === 0) return { message: 'is empty (0 bytes)' };
    if (stat.size > maxBytes) return tooLarge(stat.size, maxBytes);
    return await use(file, stat.size);
  } catch (error) {
    return systemFault(error);
  } finally {
    await file?.close();
  }
}

/** The fault of an error of the file system; any other error is thrown again. */
export function systemFault(error: unknown): Fault {
  const code = errorCode(error);
  if (code === undefined) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { message: 'does not exist' };
  // Opening a socket, or a device without a driver, gives ENXIO.
  if (code === 'ENXIO') return { message: 'is not a regular file' };
  return { message: `cannot be read (${code})` };
}

/** The fault of media above the limit. */
export function tooLarge(bytes: number, maxBytes: number): Fault {
  const message = `is too large: ${inUnits(bytes)}, the limit is ${inUnits(maxBytes)}`;
  return { message, hint: "make it smaller, or raise the dataset's maxMediaBytes" };
}

function inUnits(bytes: number): string {
  if (bytes < 2 ** 10) return `${bytes} bytes`;
  return bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} KiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
