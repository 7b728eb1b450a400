/** Decodes a clip for the speech recognisers: WAV or MP3 to 16 kHz mono. */

import { mixDown } from '../media/mix-down.ts';
import { resample } from '../media/resample.ts';
import { isWav, readWav, type Sound } from '../media/wav.ts';
import { loadOptional } from '../optional-package.ts';
import type { MediaFile } from './local-model.ts';
import { badRequest } from './request-error.ts';

/** The sample rate of the acoustic model. */
export const SAMPLE_RATE = 16_000;
/** Longer clips are rejected: a small MP3 can contain hours. */
const MAX_SECONDS = 120;
/** Bytes of MP3 for one call of the decoder; at 8 kbit/s and 48 kHz they are 64 seconds. */
const MP3_SLICE_BYTES = 64 * 1024;
const MIN_SAMPLE_RATE = 4000;
const MAX_SAMPLE_RATE = 384_000;

/**
 * The samples of a clip in [-1, 1] at 16 kHz.
 * @throws {RequestError} 400 when it is neither WAV nor MP3, not of its declared format, broken, empty, or too long.
 */
export async function decodeAudio({ bytes, format, param }: MediaFile): Promise<Float32Array> {
  const found = isWav(bytes) ? 'wav' : isMp3(bytes) ? 'mp3' : undefined;
  if (found === undefined) throw badRequest('The audio is neither wav nor mp3.', 'invalid_audio', param);
  if (format !== undefined && format !== found)
    throw badRequest(`The audio is declared as ${format} but is ${found}.`, 'invalid_audio', param);
  try {
    const { samples, sampleRate } = found === 'wav' ? readWav(bytes) : await readMp3(bytes);
    if (sampleRate < MIN_SAMPLE_RATE || sampleRate > MAX_SAMPLE_RATE)
      throw new RangeError(
        `its sample rate of ${sampleRate} Hz is not within ${MIN_SAMPLE_RATE} to ${MAX_SAMPLE_RATE}`,
      );
    if (samples.length === 0) throw new RangeError('it contains no samples');
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

function joined(parts: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
