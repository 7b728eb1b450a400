/** Length, sample rate and channels of a WAV file: from counts of samples, not from bytes a second. */

import type { ByteSource } from '../media/byte-source.ts';
import type { MediaFacts } from './media-facts.ts';

/** Where the `fmt ` chunk says how samples are stored (Microsoft, "Multimedia Programming Interface", and mmreg.h). */
interface WaveFormat {
  readonly tag: number;
  readonly channels: number;
  readonly sampleRate: number;
  /** The average that the writer states. */
  readonly bytesPerSecond: number;
  readonly bytesPerBlock: number;
  readonly bitsPerSample: number;
  /** Of compressed formats with blocks of one size; null = not stated. */
  readonly samplesPerBlock: number | null;
}

interface WaveLayout {
  /** null = the header has none. */
  readonly format: WaveFormat | null;
  /** Samples of a channel by the `fact` chunk; null = not stated. */
  readonly counted: number | null;
  /** Of the first byte of sound. */
  readonly offset: number;
  /** Bytes of sound that the header states, or that are there when it states none. */
  readonly stated: number;
  readonly present: number;
}

const EXTENSIBLE = 0xfffe;
/** The format of an extensible header is in the first bytes of its sub-format. */
const SUB_FORMAT = 24;
const SAMPLES_PER_BLOCK = 18;
const FORMAT_BYTES = 40;

/** A block of these is one sample of every channel: integer, float, A-law, mu-law. */
const UNCOMPRESSED: readonly number[] = [1, 3, 6, 7];
const MS_ADPCM = 2;
const IMA_ADPCM = 0x11;
/** Bytes in front of a block, for each channel, and the samples that they hold. */
const BLOCK_HEADS: Readonly<Record<number, { readonly bytes: number; readonly samples: number }>> = {
  [MS_ADPCM]: { bytes: 7, samples: 2 },
  [IMA_ADPCM]: { bytes: 4, samples: 1 },
};
/** 4 bits a sample. */
const SAMPLES_PER_BYTE = 2;

/** Streaming writers put 0, 0xFFFFFFFF or a value near 0x7FFFFFFF for an unknown length. */
const STREAMED_FROM = 0x7fff_f000;
const CHUNK_HEADER = 8;
/** Chunks before the sound. Real files have fewer than ten, and each is a read of its own. */
const MAX_CHUNKS = 1000;

/** What may be missing at the end without a difference that anybody hears. */
const MAX_LACKING_SECONDS = 0.05;
const MAX_LACKING_SHARE = 0.01;

/** The facts of a WAV file, or why it cannot be used. */
export async function waveHeader(source: ByteSource): Promise<MediaFacts> {
  const layout = await waveLayout(source);
  return typeof layout === 'string' ? unreadable(layout) : waveFacts(layout);
}

/** Where the sound of a WAV file is and how it is stored, or why it has none. */
export async function waveLayout(source: ByteSource): Promise<WaveLayout | string> {
  let format: WaveFormat | null = null;
  let counted: number | null = null;
  let chunks = 0;
  for (let offset = 12; offset + CHUNK_HEADER <= source.byteLength; ) {
    chunks += 1;
    if (chunks > MAX_CHUNKS) return `it has more than ${MAX_CHUNKS} chunks before its sound`;
    const header = await source.read(offset, CHUNK_HEADER);
    const name = header.toString('latin1', 0, 4);
    const length = header.readUInt32LE(4);
    offset += CHUNK_HEADER;
    if (name === 'fmt ') format = waveFormat(await source.read(offset, Math.min(length, FORMAT_BYTES)));
    if (name === 'fact') counted = countOf(await source.read(offset, Math.min(length, 4)));
    if (name === 'data') {
      const present = source.byteLength - offset;
      const isStreamed = length === 0 || length >= STREAMED_FROM;
      return { format, counted, offset, stated: isStreamed ? present : length, present };
    }
    // Chunks start at even offsets.
    offset += length + (length % 2);
  }
  return 'it is a WAV file without a data chunk';
}

function waveFormat(chunk: Buffer): WaveFormat | null {
  if (chunk.length < 16) return null;
  const tag = chunk.readUInt16LE(0);
  const isExtensible = tag === EXTENSIBLE && chunk.length >= SUB_FORMAT + 2;
  const hasBlocks = chunk.length >= SAMPLES_PER_BLOCK + 2 && !isExtensible;
  return {
    // Without a sub-format the samples are plain.
    tag: isExtensible ? chunk.readUInt16LE(SUB_FORMAT) : tag === EXTENSIBLE ? 1 : tag,
    channels: chunk.readUInt16LE(2),
    sampleRate: chunk.readUInt32LE(4),
    bytesPerSecond: chunk.readUInt32LE(8),
    bytesPerBlock: chunk.readUInt16LE(12),
    bitsPerSample: chunk.readUInt16LE(14),
    samplesPerBlock: hasBlocks ? chunk.readUInt16LE(SAMPLES_PER_BLOCK) : null,
  };
}

/** The number of samples of a channel in a `fact` chunk; null for the placeholders of streaming writers. */
function countOf(chunk: Buffer): number | null {
  const count = chunk.length < 4 ? 0 : chunk.readUInt32LE(0);
  return count === 0 || count >= STREAMED_FROM ? null : count;
}

function waveFacts({ format, counted, stated, present }: WaveLayout): MediaFacts {
  if (format === null || format.sampleRate === 0) return unreadable('its WAV header has no sample rate');
  const whole = lengthOf(format, counted, stated);
  if (whole === null) return unreadable('its WAV header has no sample rate');
  if (stated === 0) return unreadable('it contains no sound');
  const { sampleRate, channels } = format;
  const facts = (length: ClipLength) => ({
    ...{ type: 'audio' as const, seconds: length.seconds, sampleRate, channels },
    ...(length.isExact ? {} : { isApproximate: true as const }),
  });
  if (present >= stated) return whole.seconds > 0 ? facts(whole) : unreadable('it contains no sound');
  const rest = lengthOf(format, counted, present);
  const seconds = whole.seconds - (rest?.seconds ?? 0);
  const lacksLittle = seconds <= MAX_LACKING_SECONDS && stated - present <= MAX_LACKING_SHARE * stated;
  if (rest === null || !lacksLittle) return unreadable(`it is cut off: it has ${present} of ${stated} bytes of sound`);
  return { ...facts(rest), lacks: { bytes: stated - present, of: stated } };
}

interface ClipLength {
  readonly seconds: number;
  /** False = from the average rate that the writer states. */
  readonly isExact: boolean;
}

/** The length of so many bytes of sound; null when the header does not tell. */
function lengthOf(format: WaveFormat, counted: number | null, bytes: number): ClipLength | null {
  const { sampleRate, bytesPerSecond } = format;
  const blocks = samplesOf(format, bytes);
  // A count may leave out the padding of the last block, and never exceeds the blocks.
  if (blocks !== null) {
    const samples = UNCOMPRESSED.includes(format.tag) ? blocks : Math.min(blocks, counted ?? blocks);
    return { seconds: samples / sampleRate, isExact: true };
  }
  const average = bytesPerSecond === 0 ? null : bytes / bytesPerSecond;
  if (counted === null) return average === null ? null : { seconds: average, isExact: false };
  // Some writers count bytes, or the samples of all channels.
  const seconds = counted / sampleRate;
  const isLikely = average === null || (seconds <= 1.1 * average + 0.1 && seconds >= 0.9 * average - 0.1);
  return isLikely ? { seconds, isExact: true } : { seconds: average, isExact: false };
}

/** Samples of a channel in so many bytes; null when the blocks do not tell. */
function samplesOf({ tag, channels, bytesPerBlock, samplesPerBlock }: WaveFormat, bytes: number): number | null {
  if (bytesPerBlock === 0) return null;
  const blocks = Math.floor(bytes / bytesPerBlock);
  if (UNCOMPRESSED.includes(tag)) return blocks;
  if (samplesPerBlock === null || samplesPerBlock === 0) return null;
  const head = BLOCK_HEADS[tag];
  if (head === undefined) return null;
  const left = (bytes % bytesPerBlock) - head.bytes * channels;
  const partial = left < 0 || channels === 0 ? 0 : head.samples + Math.floor((left * SAMPLES_PER_BYTE) / channels);
  return blocks * samplesPerBlock + Math.min(partial, samplesPerBlock);
}

function unreadable(message: string): MediaFacts {
  return { type: 'unreadable', message };
}
