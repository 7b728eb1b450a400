/** Decodes clips to mono samples, part by part: a small file can contain hours. */

import { setImmediate } from 'node:timers/promises';
import type { OptionalPackage } from '../optional-package.ts';
import { loadCodec } from './codec.ts';
import { mixDown } from './mix-down.ts';
import { openWav } from './wav.ts';

/** The next samples of a clip. */
export interface SoundPart {
  /** Mono, in [-1, 1]. */
  readonly samples: Float32Array;
  /** Hz; the same in all parts. */
  readonly sampleRate: number;
}

/** A clip whose decoder is known. */
export interface OpenSound {
  /** Absent = no package is needed. */
  readonly decoder?: OptionalPackage;
  readonly parts: () => AsyncIterable<SoundPart>;
}

/** What a package gives for some bytes. */
interface Decoded {
  readonly channelData: readonly Float32Array[];
  readonly samplesDecoded: number;
  readonly sampleRate: number;
  readonly errors: readonly { readonly message: string }[];
}

interface Decoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Decoded | Promise<Decoded>;
  flush?(): Decoded | Promise<Decoded>;
  free(): void;
}

/** Bytes for one call of a decoder. They bound what it returns: each of these formats has frames that are tiny and long. */
const SLICE_BYTES = {
  // 64 s at 8 kbit/s and 48 kHz.
  'audio/mpeg': 64 * 1024,
  // A frame of 11 bytes may be 65,535 samples of 8 channels.
  'audio/flac': 512,
  // A page of 300 bytes may be 30 s of Opus.
  'audio/ogg': 2048,
} as const;

/** Frames of a WAVE file that are read at once. */
const WAV_FRAMES = 2 ** 16;

/** More would be a bomb: 255 channels in a page of a few bytes. */
const MAX_CHANNELS = 8;

const MIN_SAMPLE_RATE = 1000;
const MAX_SAMPLE_RATE = 768_000;

/** @throws {RangeError} when the type or the codec inside is not known; reading the parts throws for broken clips. */
export function openSound(bytes: Buffer, mediaType: string): OpenSound {
  if (mediaType === 'audio/wav') return { parts: () => partsOfWav(bytes) };
  if (mediaType === 'audio/mpeg')
    return decodedBy('mpg123-decoder', bytes, mediaType, async () => {
      const { MPEGDecoder } = await import('mpg123-decoder');
      return new MPEGDecoder();
    });
  if (mediaType === 'audio/flac') return decodedBy('@wasm-audio-decoders/flac', bytes, mediaType, flacDecoder);
  if (mediaType === 'audio/ogg') return ogg(bytes);
  throw new RangeError(`${mediaType} cannot be decoded here · convert it: ffmpeg -i IN -vn OUT.wav`);
}

const flacDecoder = async () => {
  const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
  return new FLACDecoder();
};

/** The first packet of a stream names its codec; it follows the header of the first page (RFC 3533, section 6). */
function ogg(bytes: Buffer): OpenSound {
  const segments = bytes[26] ?? 0;
  const head = bytes.toString('latin1', 27 + segments, 27 + segments + 16);
  const isVorbis = head.startsWith('\x01vorbis');
  const channels = head.charCodeAt(isVorbis ? 11 : 9);
  if ((isVorbis || head.startsWith('OpusHead')) && !(channels >= 1 && channels <= MAX_CHANNELS))
    throw new RangeError(`it has ${channels} channels`);
  if (isVorbis)
    return decodedBy('@wasm-audio-decoders/ogg-vorbis', bytes, 'audio/ogg', async () => {
      const { OggVorbisDecoder } = await import('@wasm-audio-decoders/ogg-vorbis');
      return new OggVorbisDecoder();
    });
  if (head.startsWith('OpusHead'))
    return decodedBy('ogg-opus-decoder', bytes, 'audio/ogg', async () => {
      const { OggOpusDecoder } = await import('ogg-opus-decoder');
      return new OggOpusDecoder();
    });
  if (head.startsWith('\x7fFLAC')) return decodedBy('@wasm-audio-decoders/flac', bytes, 'audio/ogg', flacDecoder);
  throw new RangeError('its codec is not Vorbis, Opus or FLAC · convert it: ffmpeg -i IN -vn OUT.wav');
}

function decodedBy(
  name: OptionalPackage,
  bytes: Buffer,
  mediaType: keyof typeof SLICE_BYTES,
  load: () => Promise<Decoder>,
): OpenSound {
  return { decoder: name, parts: () => partsOf(name, bytes, SLICE_BYTES[mediaType], load) };
}

async function* partsOfWav(bytes: Buffer): AsyncGenerator<SoundPart> {
  const { sampleRate, length, read } = openWav(bytes);
  requireRate(sampleRate);
  for (let first = 0; first < length; first += WAV_FRAMES) {
    yield { samples: read(first, WAV_FRAMES), sampleRate };
    await setImmediate();
  }
}

async function* partsOf(
  name: OptionalPackage,
  bytes: Buffer,
  sliceBytes: number,
  load: () => Promise<Decoder>,
): AsyncGenerator<SoundPart> {
  const decoder = await loadCodec(name, load);
  await decoder.ready;
  let rate = 0;
  const checked = ({ channelData, samplesDecoded, sampleRate, errors }: Decoded): SoundPart | null => {
    const [error] = errors;
    // The decoder of MP3 goes on after tags and bytes that are not sound.
    if (error !== undefined && name !== 'mpg123-decoder') throw new RangeError(`its sound is broken: ${error.message}`);
    if (samplesDecoded === 0) return null;
    requireRate(sampleRate);
    if (rate !== 0 && sampleRate !== rate)
      throw new RangeError(`its sample rate changes from ${rate} to ${sampleRate} Hz`);
    rate = sampleRate;
    return { samples: mixDown(channelData, samplesDecoded), sampleRate };
  };
  try {
    let sinceYield = 0;
    for (let offset = 0; offset < bytes.length; offset += sliceBytes) {
      const part = checked(await quietly(() => decoder.decode(bytes.subarray(offset, offset + sliceBytes))));
      if (part !== null) yield part;
      sinceYield += part?.samples.length ?? 0;
      // Requests in flight have timers, and their latency is measured.
      if (sinceYield > WAV_FRAMES) {
        sinceYield = 0;
        await setImmediate();
      }
    }
    const rest = decoder.flush === undefined ? null : checked(await quietly(() => decoder.flush?.() ?? NOTHING));
    if (rest !== null) yield rest;
    if (rate === 0) throw new RangeError('it contains no sound');
  } finally {
    decoder.free();
  }
}

const NOTHING: Decoded = { channelData: [], samplesDecoded: 0, sampleRate: 0, errors: [] };

/** The decoder of FLAC prints errors, which it also returns; it does so before it returns a promise. */
function quietly<T>(decode: () => T): T {
  const { error } = console;
  console.error = () => {};
  try {
    return decode();
  } finally {
    console.error = error;
  }
}

function requireRate(sampleRate: number): void {
  if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE)
    throw new RangeError(`its sample rate of ${sampleRate} Hz is not within ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE}`);
}
