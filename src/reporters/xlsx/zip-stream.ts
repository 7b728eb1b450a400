/** Packs text files into a ZIP file while they are made, so that its size does not matter for memory. */

import { Zip, ZipDeflate } from 'fflate';

/** A text file inside of the ZIP file. */
export interface ZipPart {
  readonly name: string;
  readonly text: AsyncIterable<string> | Iterable<string>;
}

/** One time for all parts, the first that the format knows: equal content gives equal bytes. */
const NO_TIME = new Date(1980, 0, 1);

/** The bytes of the ZIP file. Each part must have less than 4 GiB, and so must their compressed sum (no ZIP64). */
export async function* zipStream(parts: Iterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, bytes) => {
    if (error) throw error;
    ready.push(bytes);
  });
  const encoder = new TextEncoder();
  for (const { name, text } of parts) {
    const file = new ZipDeflate(name, { level: 6 });
    file.mtime = NO_TIME;
    zip.add(file);
    for await (const piece of text) {
      file.push(encoder.encode(piece));
      yield* ready.splice(0);
    }
    file.push(new Uint8Array(0), true);
  }
  zip.end();
  yield* ready.splice(0);
}
