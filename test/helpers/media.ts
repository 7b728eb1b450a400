/** Creates small, valid, reproducible media in memory, so that no test needs a binary fixture. */

import { crc32, deflateSync } from 'node:zlib';

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, body: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(body.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), framed.length - 4);
  return framed;
}

export interface PngOptions {
  /** Pixels; default 1. */
  readonly width?: number;
  readonly height?: number;
  /** Sets the colours: each seed below 2^24 gives different bytes. */
  readonly seed?: number;
}

/** An 8-bit RGB PNG of a colour gradient; it compresses well, so large sizes are cheap. */
export function pngBytes({ width = 1, height = 1, seed = 0 }: PngOptions = {}): Buffer {
  const stride = 1 + width * 3;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * stride + 1 + x * 3;
      rows[at] = (x + seed) & 255;
      rows[at + 1] = (y + (seed >> 8)) & 255;
      rows[at + 2] = (x + y + (seed >> 16)) & 255;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface WavOptions {
  /** Default 0.1. */
  readonly seconds?: number;
  /** Hertz; default 16000. */
  readonly sampleRate?: number;
  /** Hertz above concert A: different seeds give different bytes. */
  readonly seed?: number;
}

/** A mono 16-bit PCM WAV of a sine tone. */
export function wavBytes({ seconds = 0.1, sampleRate = 16_000, seed = 0 }: WavOptions = {}): Buffer {
  const count = Math.round(seconds * sampleRate);
  const file = Buffer.alloc(44 + count * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + count * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(count * 2, 40);
  const hertz = 440 + seed;
  for (let index = 0; index < count; index += 1)
    file.writeInt16LE(Math.round(Math.sin((2 * Math.PI * hertz * index) / sampleRate) * 12_000), 44 + index * 2);
  return file;
}
