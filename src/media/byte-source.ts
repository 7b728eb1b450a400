/** Random access to a file or to bytes in memory, so that headers are read without the rest. */

import { type FileHandle, open } from 'node:fs/promises';

/** Media bytes in a file or in memory. */
export type MediaBytes = { readonly path: string } | { readonly bytes: Uint8Array };

export interface ByteSource {
  readonly byteLength: number;
  /** Returns fewer bytes at the end of the source. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** Opens the source for `use` and always closes it. */
export async function withByteSource<T>(media: MediaBytes, use: (source: ByteSource) => Promise<T>): Promise<T> {
  if ('bytes' in media) return use(memorySource(media.bytes));
  const file = await open(media.path, 'r');
  try {
    const { size } = await file.stat();
    return await use(fileSource(file, size));
  } finally {
    await file.close();
  }
}

/** Bytes in memory, which are shared. */
export function memorySource({ buffer, byteOffset, byteLength }: Uint8Array): ByteSource {
  const whole = Buffer.from(buffer, byteOffset, byteLength);
  return { byteLength, read: async (offset, length) => whole.subarray(offset, offset + length) };
}

/** An open file; the caller closes it. */
export function fileSource(file: FileHandle, byteLength: number): ByteSource {
  return {
    byteLength,
    read: async (offset, length) => {
      const wanted = Math.max(0, Math.min(length, byteLength - offset));
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, offset);
      return buffer.subarray(0, bytesRead);
    },
  };
}
