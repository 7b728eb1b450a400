/** Length, sample rate and channels of a clip: WAV by its own header, everything else by music-metadata, loaded when needed. */

import { setImmediate } from 'node:timers/promises';
import type { fromBuffer } from 'strtok3';
import type { ByteSource } from '../media/byte-source.ts';
import type { MediaFacts } from './media-facts.ts';
import { waveHeader } from './wave-header.ts';

/** The facts in the header of a clip, or why it cannot be used. */
export async function audioHeader(source: ByteSource, mediaType: string): Promise<MediaFacts> {
  const start = await source.read(0, 12);
  const container = start.toString('latin1', 0, 4);
  const isWave = (container === 'RIFF' || container === 'RF64') && start.toString('latin1', 8, 12) === 'WAVE';
  return isWave ? waveHeader(source) : otherHeader(source, mediaType);
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
    const { duration, sampleRate, numberOfChannels, numberOfSamples } = format;
    if (duration === undefined || !(duration > 0) || !Number.isFinite(duration))
      return { type: 'unreadable', message: 'its length is unknown' };
    const facts = { sampleRate: sampleRate ?? null, channels: numberOfChannels ?? null };
    const clip = { type: 'audio', seconds: duration, ...facts } as const;
    return numberOfSamples === undefined ? { ...clip, isApproximate: true } : clip;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: 'unreadable', message: `it is not readable as ${mediaType}: ${reason}` };
  }
}
