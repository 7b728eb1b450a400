/** Finds WAV files in which nothing is to be heard: a recorder that was muted, a channel that was not connected. */

import type { ByteSource } from '../media/byte-source.ts';
import { waveLayout } from './wave-header.ts';

/** Of full scale, 60 dB below it: the noise of a quiet room is louder in any recording of speech. */
const SILENCE = 2 ** -10;

/** Whole samples of every width, 1 to 4 and 8 bytes. */
const CHUNK_BYTES = 3 * 2 ** 15;

const INTEGER = 1;
const FLOAT = 3;

/** Whether all samples are below the threshold; false for samples of a type that is not read. Stops at the first sound. */
export async function isSilentWave(source: ByteSource): Promise<boolean> {
  const layout = await waveLayout(source);
  if (typeof layout === 'string' || layout.format === null) return false;
  const { tag, bitsPerSample } = layout.format;
  const read = READERS[`${tag}/${bitsPerSample}`];
  const width = bitsPerSample / 8;
  const end = layout.offset + Math.min(layout.stated, layout.present);
  if (read === undefined || end - layout.offset < width) return false;
  for (let offset = layout.offset; offset + width <= end; offset += CHUNK_BYTES) {
    const bytes = await source.read(offset, Math.min(CHUNK_BYTES, end - offset));
    for (let at = 0; at + width <= bytes.length; at += width) if (Math.abs(read(bytes, at)) >= SILENCE) return false;
    if (bytes.length === 0) return false;
  }
  return true;
}

/** A sample in [-1, 1], by format and bits. */
const READERS: Readonly<Record<string, (bytes: Buffer, offset: number) => number>> = {
  [`${INTEGER}/8`]: (bytes, offset) => (bytes.readUInt8(offset) - 128) / 2 ** 7,
  [`${INTEGER}/16`]: (bytes, offset) => bytes.readInt16LE(offset) / 2 ** 15,
  [`${INTEGER}/24`]: (bytes, offset) => bytes.readIntLE(offset, 3) / 2 ** 23,
  [`${INTEGER}/32`]: (bytes, offset) => bytes.readInt32LE(offset) / 2 ** 31,
  [`${FLOAT}/32`]: (bytes, offset) => bytes.readFloatLE(offset),
  [`${FLOAT}/64`]: (bytes, offset) => bytes.readDoubleLE(offset),
};
