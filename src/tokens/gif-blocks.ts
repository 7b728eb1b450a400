/** Walks the blocks of a GIF, which has no length field and whose end mark may also occur in compressed data. */

const HEADER = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** Whether the file ends inside a block. A missing end mark alone loses nothing; bytes after the blocks are ignored. */
export function isGifCutOff(bytes: Uint8Array): boolean {
  let offset = HEADER + tableBytes(bytes[10]);
  while (offset < bytes.length) {
    const kind = bytes[offset];
    if (kind === EXTENSION) offset += 2;
    // The descriptor, its colour table, and one byte for the code size.
    else if (kind === IMAGE) offset += 10 + tableBytes(bytes[offset + 9]) + 1;
    else return false;
    for (let length = bytes[offset]; length !== 0; length = bytes[offset]) {
      if (length === undefined) return true;
      offset += 1 + length;
    }
    offset += 1;
  }
  return offset > bytes.length;
}

/** Three bytes for each colour; the flags give their number, or that there is no table. */
function tableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
