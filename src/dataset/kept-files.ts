/** Keeps the latest files that were read from a URL: each is read for its check, and soon again for a request. */

import type { RemoteFault, RemoteFiles } from './remote-folder.ts';

/** Some rows of large media. */
const MAX_KEPT_BYTES = 64 * 2 ** 20;

/** Files that are being read are read once for all who ask. A fault is not kept. */
export function keepLatest(files: RemoteFiles, maxKeptBytes: number = MAX_KEPT_BYTES): RemoteFiles {
  // A map remembers the order of insertion: the first key is the least recently used.
  const kept = new Map<string, Buffer>();
  const reading = new Map<string, Promise<Buffer | RemoteFault>>();
  let keptBytes = 0;

  const drop = (key: string) => {
    keptBytes -= kept.get(key)?.length ?? 0;
    kept.delete(key);
  };
  const keep = (key: string, bytes: Buffer) => {
    drop(key);
    kept.set(key, bytes);
    keptBytes += bytes.length;
    for (const oldest of kept.keys()) {
      if (keptBytes <= maxKeptBytes) return;
      drop(oldest);
    }
  };
  const readOnce = async (url: URL, maxBytes: number) => {
    try {
      const bytes = await files.read(url, maxBytes);
      if (Buffer.isBuffer(bytes)) keep(url.href, bytes);
      return bytes;
    } finally {
      reading.delete(url.href);
    }
  };
  return {
    ...files,
    read(url, maxBytes) {
      const bytes = kept.get(url.href);
      if (bytes !== undefined && bytes.length <= maxBytes) {
        keep(url.href, bytes);
        return Promise.resolve(bytes);
      }
      const pending = reading.get(url.href) ?? readOnce(url, maxBytes);
      reading.set(url.href, pending);
      return pending;
    },
  };
}
