/** Follows the blocks of a GIF, whose file has no length and whose end mark may occur anywhere in compressed data. */

const HEADER = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;

/** Whether the file ends inside a block. A missing end mark alone is no loss, and what follows the blocks is not looked at. */
export function isGifCutOff(bytes: Uint8Array): boolean {
  let offset = HEADER + tableBytes(bytes[10]);
  while (offset < bytes.length) {
    const kind = bytes[offset];
    if (kind === EXTENSION) offset += 2;
    // The descriptor, its own colours, and one byte for the code size.
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

/** Three bytes a colour; the flags hold whether there are any and how many. */
function tableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
