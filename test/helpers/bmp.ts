/** Writes small Windows bitmaps for tests. */

export interface BmpFile {
  readonly width: number;
  /** Below 0 = rows from the top. */
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  /** Blue, green, red and one unused byte each. */
  readonly palette?: Buffer;
  /** Behind the header, or in it when `headerBytes` has room. */
  readonly masks?: readonly number[];
  readonly headerBytes?: number;
  readonly data: Buffer;
}

export function bmpFile({ width, height, bits, compression = 0, palette, masks = [], ...file }: BmpFile): Buffer {
  const headerBytes = file.headerBytes ?? 40;
  const behind = headerBytes >= 56 ? 0 : 4 * masks.length;
  const paletteBytes = palette ?? Buffer.alloc(0);
  const head = Buffer.alloc(14 + headerBytes + behind);
  head.write('BM', 'latin1');
  head.writeUInt32LE(head.length + paletteBytes.length, 10);
  head.writeUInt32LE(headerBytes, 14);
  if (headerBytes === 12) {
    head.writeUInt16LE(width, 18);
    head.writeUInt16LE(height, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt16LE(bits, 24);
  } else {
    head.writeInt32LE(width, 18);
    head.writeInt32LE(height, 22);
    head.writeUInt16LE(1, 26);
    head.writeUInt16LE(bits, 28);
    head.writeUInt32LE(compression, 30);
    head.writeUInt32LE(headerBytes === 12 ? 0 : paletteBytes.length / 4, 46);
  }
  for (const [index, mask] of masks.entries()) head.writeUInt32LE(mask, 14 + 40 + 4 * index);
  return Buffer.concat([head, paletteBytes, file.data]);
}
