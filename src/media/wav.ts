/** Reads RIFF/WAVE files: integer and floating-point samples, mixed down to one channel. */

export interface Sound {
  /** Mono, in [-1, 1]. */
  readonly samples: Float32Array;
  /** Samples per second. */
  readonly sampleRate: number;
}

const FORMAT_INTEGER = 1;
const FORMAT_FLOAT = 3;
/** WAVE_FORMAT_EXTENSIBLE: the format is in the first two bytes of the sub-format. */
const FORMAT_EXTENSIBLE = 0xfffe;
const SUB_FORMAT_OFFSET = 24;
/** The length of a writer that cannot seek back: read to the end. */
const UNKNOWN_LENGTH = 0xffffffff;

/** A clip that lacks so little at its end plays everywhere. */
const MAX_LACKING_SHARE = 0.01;

/** Real files have fewer than ten. */
const MAX_CHUNKS = 1000;

type ReadSample = (bytes: Buffer, offset: number) => number;

const READERS: Readonly<Record<string, ReadSample>> = {
  [`${FORMAT_INTEGER}/8`]: (bytes, offset) => (bytes.readUInt8(offset) - 128) / 128,
  [`${FORMAT_INTEGER}/16`]: (bytes, offset) => bytes.readInt16LE(offset) / 2 ** 15,
  [`${FORMAT_INTEGER}/24`]: (bytes, offset) => bytes.readIntLE(offset, 3) / 2 ** 23,
  [`${FORMAT_INTEGER}/32`]: (bytes, offset) => bytes.readInt32LE(offset) / 2 ** 31,
  [`${FORMAT_FLOAT}/32`]: (bytes, offset) => bytes.readFloatLE(offset),
  [`${FORMAT_FLOAT}/64`]: (bytes, offset) => bytes.readDoubleLE(offset),
};

/** True when the bytes start like a WAVE file. */
export function isWav(bytes: Buffer): boolean {
  return bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WAVE';
}

/** A WAVE file whose samples are read in parts. */
export interface WavReader {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bits: number;
  /** False for floating-point samples. */
  readonly isInteger: boolean;
  /** Samples a channel. */
  readonly length: number;
  /** Mono, in [-1, 1]; fewer than `count` at the end. */
  read(first: number, count: number): Float32Array;
}

/** @throws {RangeError} when the file is cut short, or has no samples or samples of an unknown type. */
export function openWav(bytes: Buffer): WavReader {
  const chunks = readChunks(bytes);
  const format = chunks.get('fmt ');
  const data = chunks.get('data');
  if (format === undefined || format.length < 16) throw new RangeError('it has no format chunk');
  if (data === undefined || data.length === 0) throw new RangeError('it contains no samples');

  const tag = format.readUInt16LE(0);
  const extensible = tag === FORMAT_EXTENSIBLE && format.length >= SUB_FORMAT_OFFSET + 2;
  const kind = extensible ? format.readUInt16LE(SUB_FORMAT_OFFSET) : tag;
  const channels = format.readUInt16LE(2);
  const sampleRate = format.readUInt32LE(4);
  const bits = format.readUInt16LE(14);
  const readSample = READERS[`${kind}/${bits}`];
  if (readSample === undefined) throw new RangeError(`its samples have an unknown type (format ${kind}, ${bits} bits)`);
  if (channels === 0 || sampleRate === 0) throw new RangeError('it has no channel or no sample rate');

  const frameBytes = (channels * bits) / 8;
  const length = Math.floor(data.length / frameBytes);
  const read = (first: number, count: number) => {
    const samples = new Float32Array(Math.max(0, Math.min(count, length - first)));
    for (let index = 0; index < samples.length; index += 1) {
      let sum = 0;
      for (let channel = 0; channel < channels; channel += 1) {
        const value = readSample(data, (first + index) * frameBytes + (channel * bits) / 8);
        sum += Number.isFinite(value) ? value : 0;
      }
      samples[index] = sum / channels;
    }
    return samples;
  };
  return { sampleRate, channels, bits, isInteger: kind === FORMAT_INTEGER, length, read };
}

/** The whole sound. @throws {RangeError} as `openWav` does. */
export function readWav(bytes: Buffer): Sound {
  const { sampleRate, length, read } = openWav(bytes);
  return { samples: read(0, length), sampleRate };
}

function readChunks(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  let count = 0;
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', offset, offset + 4);
    const declared = bytes.readUInt32LE(offset + 4);
    const start = offset + 8;
    const length = declared === UNKNOWN_LENGTH ? bytes.length - start : declared;
    const missing = start + length - bytes.length;
    if (missing > (name === 'data' ? MAX_LACKING_SHARE * length : 0))
      throw new RangeError(`it is cut off: the "${name.trim()}" chunk lacks ${missing} bytes`);
    count += 1;
    if (count > MAX_CHUNKS) throw new RangeError(`it has more than ${MAX_CHUNKS} chunks`);
    if (!chunks.has(name)) chunks.set(name, bytes.subarray(start, start + length));
    offset = start + length + (length % 2); // chunks are padded to even lengths
  }
  return chunks;
}
