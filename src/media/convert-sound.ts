/** Converts clips to WAV files of 16 bits and one channel: decodes, cuts and resamples them. */

import { ProviderError } from '../errors.ts';
import type { AudioTransform } from '../media-transform.ts';
import { installedVersion, type VersionOf } from '../optional-package.ts';
import { codecName, converting, type MediaContent, type PreparedMedia } from './codec.ts';
import { openSound, type SoundPart } from './decode-sound.ts';
import { createResampler } from './resample.ts';
import { isDecoded, isKeptSound } from './sent-form.ts';
import { stressedSound } from './stress-sound.ts';
import { openWav } from './wav.ts';
import { createWavWriter, type WavWriter } from './write-wav.ts';

/** Names our own mixing, resampling and writing; it goes up when their result changes. */
const OWN_CODEC = 'earsight-wav 1';

/** The settings of a model with the media types that it takes; absent = any. */
export interface AudioRules extends AudioTransform {
  readonly takes?: readonly string[] | undefined;
  /** Names the clip for its noise. */
  readonly key?: string;
}

export interface SoundOptions {
  /** Largest file that is made. */
  readonly maxBytes: number;
  readonly versionOf?: VersionOf;
}

/**
 * Gives a clip the form that the settings say; see `sent-form.ts`. A clip that is right already stays unchanged. `name` is for
 * messages.
 * @throws {ProviderError} kind `media` when a package is absent, or the clip cannot be decoded or would be too large.
 */
export async function convertSound(
  content: MediaContent,
  rules: AudioRules,
  name: string,
  { maxBytes, versionOf = installedVersion }: SoundOptions,
): Promise<PreparedMedia> {
  const { bytes, mediaType } = content;
  if (!isDecoded(mediaType, rules, rules.takes)) return content;
  return converting(name, 'converted', async () => {
    if (isRight(content, rules)) return content;
    const { decoder, parts } = openSound(bytes, mediaType);
    const { stress, key = '' } = rules;
    const sound = stress === undefined ? parts() : stressedSound(parts, stress, key);
    const { file, isCut } = await written(sound, rules, name, maxBytes);
    if (!isCut && isKeptSound(mediaType, rules, rules.takes)) return content;
    const codecs = decoder === undefined ? [] : [codecName([decoder], versionOf)];
    return { bytes: file.bytes(), mediaType: 'audio/wav', codec: [...codecs, OWN_CODEC].join(', ') };
  });
}

/** Whether a clip is a WAV file as it would be made. */
function isRight({ bytes, mediaType }: MediaContent, { sampleRate: wanted, maxSeconds, stress }: AudioRules): boolean {
  if (mediaType !== 'audio/wav' || stress !== undefined) return false;
  const { sampleRate, channels, bits, isInteger, length } = openWav(bytes);
  const fits = maxSeconds === undefined || length <= Math.floor(maxSeconds * sampleRate);
  return fits && channels === 1 && bits === 16 && isInteger && (wanted ?? sampleRate) === sampleRate;
}

interface Written {
  readonly file: WavWriter;
  readonly isCut: boolean;
}

async function written(
  parts: AsyncIterable<SoundPart>,
  { sampleRate: wanted, maxSeconds = Number.POSITIVE_INFINITY }: AudioRules,
  name: string,
  maxBytes: number,
): Promise<Written> {
  let made: {
    readonly file: WavWriter;
    readonly push: (samples: Float32Array) => void;
    readonly end: () => void;
  } | null = null;
  let left = Number.POSITIVE_INFINITY;
  let isCut = false;
  for await (const { samples, sampleRate } of parts) {
    if (made === null) {
      left = Math.floor(maxSeconds * sampleRate);
      made = createOutput(sampleRate, wanted ?? sampleRate);
    }
    isCut = samples.length > left;
    made.push(isCut ? samples.subarray(0, left) : samples);
    left -= Math.min(left, samples.length);
    if (made.file.byteLength > maxBytes)
      throw new ProviderError('media', `${name} cannot be converted: as WAV it has more than ${maxBytes} bytes`, {
        hint: 'set media.audio.maxSeconds or a lower sampleRate, or raise maxMediaBytes',
      });
    if (isCut) break;
  }
  if (made === null) throw new RangeError('it contains no sound');
  made.end();
  return { file: made.file, isCut };
}

function createOutput(from: number, to: number) {
  const file = createWavWriter(to);
  if (from === to) return { file, push: file.push, end: () => {} };
  const resampler = createResampler(from, to);
  return {
    file,
    push: (samples: Float32Array) => file.push(resampler.push(samples)),
    end: () => file.push(resampler.end()),
  };
}
