/** Decodes a clip for the speech recognisers: WAV or MP3 to 16 kHz mono. */

import type { MediaFile } from './local-model.ts';
import { loadOptional } from './optional-package.ts';
import { badRequest } from './request-error.ts';
import { resample } from './resample.ts';
import { isWav, readWav, type Sound } from './wav.ts';

/** What the acoustic model was trained on. */
export const SAMPLE_RATE = 16_000;
/** Longer clips are refused: a small MP3 can unpack to hours. */
const MAX_SECONDS = 120;
/** Of MP3 given to the decoder at once; at 8 kbit/s and 48 kHz it unpacks to 64 seconds. */
const MP3_SLICE_BYTES = 64 * 1024;
const MIN_SAMPLE_RATE = 4000;
const MAX_SAMPLE_RATE = 384_000;

/**
 * The clip's samples in [-1, 1] at 16 kHz.
 * @throws {RequestError} 400 when it is neither WAV nor MP3, not what it is said to be, broken, empty, or too long.
 */
export async function decodeAudio({ bytes, format, param }: MediaFile): Promise<Float32Array> {
  const found = isWav(bytes) ? 'wav' : isMp3(bytes) ? 'mp3' : undefined;
  if (found === undefined) throw badRequest('The audio is neither wav nor mp3.', 'invalid_audio', param);
  if (format !== undefined && format !== found)
    throw badRequest(`The audio is said to be ${format} but is ${found}.`, 'invalid_audio', param);
  try {
    const { samples, sampleRate } = found === 'wav' ? readWav(bytes) : await readMp3(bytes);
    if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE)
      throw new RangeError(`its sample rate of ${sampleRate} Hz lies outside ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE}`);
    if (samples.length === 0) throw new RangeError('it holds no samples');
    if (samples.length > MAX_SECONDS * sampleRate) throw new RangeError(`it is longer than ${MAX_SECONDS} seconds`);
    return resample(samples, sampleRate, SAMPLE_RATE);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw badRequest(`The ${found} audio cannot be used: ${error.message}.`, 'invalid_audio', param, error);
  }
}

/** An ID3 tag, or the 11 set bits of a frame header. */
function isMp3(bytes: Buffer): boolean {
  const [first = 0, second = 0] = bytes;
  return bytes.toString('latin1', 0, 3) === 'ID3' || (first === 0xff && (second & 0xe0) === 0xe0);
}

async function readMp3(bytes: Buffer): Promise<Sound> {
  const { MPEGDecoder } = await loadOptional('mpg123-decoder', () => import('mpg123-decoder'));
  const decoder = new MPEGDecoder();
  await decoder.ready;
  try {
    const parts: Float32Array[] = [];
    let sampleRate = SAMPLE_RATE;
    let length = 0;
    for (let offset = 0; offset < bytes.length && length <= MAX_SECONDS * sampleRate; offset += MP3_SLICE_BYTES) {
      const decoded = decoder.decode(bytes.subarray(offset, offset + MP3_SLICE_BYTES));
      if (decoded.samplesDecoded === 0) continue;
      sampleRate = decoded.sampleRate;
      length += decoded.samplesDecoded;
      parts.push(mixDown(decoded.channelData, decoded.samplesDecoded));
    }
    return { samples: joined(parts, length), sampleRate };
  } finally {
    decoder.free();
  }
}

function mixDown(channels: readonly Float32Array[], length: number): Float32Array {
  const mono = new Float32Array(length);
  for (const channel of channels)
    for (let index = 0; index < length; index += 1)
      mono[index] = (mono[index] ?? 0) + (channel[index] ?? 0) / channels.length;
  return mono;
}

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
