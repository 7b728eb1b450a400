/** Length, sample rate and channels of a clip: WAV by its own header, everything else by music-metadata, loaded when needed. */

import { setImmediate } from 'node:timers/promises';
import type { fromBuffer } from 'strtok3';
import type { ByteSource } from '../media/byte-source.ts';
import type { MediaFacts } from './media-facts.ts';

/** The facts in the header of a clip, or why it cannot be used. */
export async function audioHeader(source: ByteSource, mediaType: string): Promise<MediaFacts> {
  const start = await source.read(0, 12);
  const container = start.toString('latin1', 0, 4);
  const isWave = (container === 'RIFF' || container === 'RF64') && start.toString('latin1', 8, 12) === 'WAVE';
  return isWave ? waveHeader(source) : otherHeader(source, mediaType);
}

interface WaveFormat {
  readonly channels: number;
  readonly sampleRate: number;
  readonly bytesPerSecond: number;
}

/** Uncompressed samples: integer, float, and the extensible form of both. */
const UNCOMPRESSED: readonly number[] = [1, 3, 0xfffe];
/** Streaming writers put 0, 0xFFFFFFFF or a value near 0x7FFFFFFF for an unknown length. */
const STREAMED_FROM = 0x7fff_f000;
const CHUNK_HEADER = 8;
/** Chunks before the sound. Real files have fewer than ten, and each is a read of its own. */
const MAX_CHUNKS = 1000;

async function waveHeader(source: ByteSource): Promise<MediaFacts> {
  let format: WaveFormat | null = null;
  let chunks = 0;
  for (let offset = 12; offset + CHUNK_HEADER <= source.byteLength; ) {
    chunks += 1;
    if (chunks > MAX_CHUNKS)
      return { type: 'unreadable', message: `it has more than ${MAX_CHUNKS} chunks before its sound` };
    const header = await source.read(offset, CHUNK_HEADER);
    const name = header.toString('latin1', 0, 4);
    const length = header.readUInt32LE(4);
    offset += CHUNK_HEADER;
    if (name === 'fmt ') format = waveFormat(await source.read(offset, 16));
    if (name === 'data') return waveFacts(format, length, source.byteLength - offset);
    // Chunks start at even offsets.
    offset += length + (length % 2);
  }
  return { type: 'unreadable', message: 'it is a WAV file without a data chunk' };
}

function waveFormat(chunk: Buffer): WaveFormat | null {
  if (chunk.length < 16) return null;
  const sampleRate = chunk.readUInt32LE(4);
  const bytesPerBlock = chunk.readUInt16LE(12);
  const stated = chunk.readUInt32LE(8);
  const uncompressed = UNCOMPRESSED.includes(chunk.readUInt16LE(0)) && bytesPerBlock > 0;
  return {
    channels: chunk.readUInt16LE(2),
    sampleRate,
    bytesPerSecond: uncompressed ? sampleRate * bytesPerBlock : stated,
  };
}

function waveFacts(format: WaveFormat | null, stated: number, present: number): MediaFacts {
  if (format === null || format.sampleRate === 0 || format.bytesPerSecond === 0)
    return { type: 'unreadable', message: 'its WAV header has no sample rate' };
  const streamed = stated === 0 || stated >= STREAMED_FROM;
  if (!streamed && stated > present)
    return { type: 'unreadable', message: `it is cut off: it has ${present} of ${stated} bytes of sound` };
  const bytes = streamed ? present : stated;
  if (bytes === 0) return { type: 'unreadable', message: 'it contains no sound' };
  const { sampleRate, channels, bytesPerSecond } = format;
  return { type: 'audio', seconds: bytes / bytesPerSecond, sampleRate, channels };
}

/** A valid clip needs one for some twenty bytes: an MP3 is read frame by frame. */
const BYTES_PER_READ = 4;
const LEAST_READS = 10_000;
/** Reads before other work gets its turn: all are from memory, so nothing else would. */
const READS_AT_ONCE = 1000;

type BufferTokenizer = ReturnType<typeof fromBuffer>;

/** @throws {RangeError} from a read when there are far more than a valid clip needs. */
async function boundedReader(bytes: Buffer, mimeType: string): Promise<BufferTokenizer> {
  const strtok3 = await import('strtok3');
  const reader = strtok3.fromBuffer(bytes, { fileInfo: { mimeType } });
  const peek = reader.peekBuffer.bind(reader);
  const most = LEAST_READS + bytes.length / BYTES_PER_READ;
  let reads = 0;
  reader.peekBuffer = async (target, options) => {
    reads += 1;
    if (reads > most) throw new RangeError('it has too many parts');
    if (reads % READS_AT_ONCE === 0) await setImmediate();
    return peek(target, options);
  };
  return reader;
}

async function otherHeader(source: ByteSource, mediaType: string): Promise<MediaFacts> {
  const { parseFromTokenizer } = await import('music-metadata');
  const bytes = await source.read(0, source.byteLength);
  try {
    const reader = await boundedReader(bytes, mediaType);
    const { format } = await parseFromTokenizer(reader, { duration: true, skipCovers: true });
    const { duration, sampleRate, numberOfChannels } = format;
    if (duration === undefined || !(duration > 0) || !Number.isFinite(duration))
      return { type: 'unreadable', message: 'its length is unknown' };
    return { type: 'audio', seconds: duration, sampleRate: sampleRate ?? null, channels: numberOfChannels ?? null };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: 'unreadable', message: `it is not readable as ${mediaType}: ${reason}` };
  }
}
