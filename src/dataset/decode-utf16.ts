/** Turns UTF-16 text, which Excel and other Windows programs write, into UTF-8 chunk by chunk. */

/** Decodes the chunks of one file; undefined when a chunk is not UTF-16 text. */
export interface Utf16Decoder {
  push(chunk: Buffer): Buffer | undefined;
  /** What was kept of a character that the last chunk cut. */
  end(): Buffer | undefined;
}

/** A decoder for a file whose first bytes are the byte-order mark of UTF-16; undefined for any other file. */
export function utf16Decoder(start: Buffer): Utf16Decoder | undefined {
  const [first, second] = start;
  if (first === 0xff && second === 0xfe) return decoder('utf-16le');
  return first === 0xfe && second === 0xff ? decoder('utf-16be') : undefined;
}

function decoder(encoding: string): Utf16Decoder {
  const text = new TextDecoder(encoding, { fatal: true });
  const decode = (chunk: Buffer, stream: boolean) => {
    try {
      return Buffer.from(text.decode(chunk, { stream }));
    } catch (error) {
      // Half a character pair, or an odd number of bytes.
      if (error instanceof TypeError) return undefined;
      throw error;
    }
  };
  return { push: (chunk) => decode(chunk, true), end: () => decode(Buffer.alloc(0), false) };
}
