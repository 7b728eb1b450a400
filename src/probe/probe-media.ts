/** Makes the pictures and the tone that a probe sends: small, in memory, in the simplest formats (PNG, PCM WAV). */

import { createHash } from 'node:crypto';
import { pngBytes } from '../media/write-png.ts';
import type { Media } from '../types.ts';

/** Red, green and blue, 0 to 255. */
export type Color = readonly [red: number, green: number, blue: number];

/** A PNG of a coloured square on white. Sizes in pixels. */
export function pictureOf(width: number, height: number, color: Color): Media {
  const margin = Buffer.alloc(1 + 3 * width, 0xff);
  margin[0] = 0; // filter type none
  const middle = Buffer.from(margin);
  for (let x = width >> 2; x < width - (width >> 2); x += 1) middle.set(color, 1 + 3 * x);
  const isMiddle = (y: number) => y >= height >> 2 && y < height - (height >> 2);
  const rows = Array.from({ length: height }, (_, y) => (isMiddle(y) ? middle : margin));
  return dataMedia(pngBytes(width, height, Buffer.concat(rows)), 'image/png');
}

/** Hz; the rate that speech encoders use. */
const SAMPLE_RATE = 16_000;
/** Long enough for servers that reject clips shorter than a tenth of a second. */
const SECONDS = 1;
const HERTZ = 440;
/** A third of full scale. */
const AMPLITUDE = 11_000;

/** A mono 16-bit PCM WAV of a steady tone. */
export function tone(): Media {
  const byteLength = 2 * SAMPLE_RATE * SECONDS;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + byteLength, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16); // bytes of the format that follow
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // channels
  header.writeUInt32LE(SAMPLE_RATE, 24);
  header.writeUInt32LE(2 * SAMPLE_RATE, 28); // bytes a second
  header.writeUInt16LE(2, 32); // bytes a frame
  header.writeUInt16LE(16, 34); // bits a sample
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(byteLength, 40);
  const samples = Buffer.alloc(byteLength);
  for (let at = 0; at < byteLength; at += 2)
    samples.writeInt16LE(Math.round(AMPLITUDE * Math.sin((Math.PI * HERTZ * at) / SAMPLE_RATE)), at);
  return dataMedia(Buffer.concat([header, samples]), 'audio/wav');
}

function dataMedia(bytes: Buffer, mediaType: string): Media {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    type: 'data',
    uri: `data:${mediaType};sha256=${sha256}`,
    mediaType,
    sha256,
    byteLength: bytes.length,
    base64: bytes.toString('base64'),
  };
}
