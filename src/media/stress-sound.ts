/** Puts a clip under stress: one step of a kind, done to its samples part by part. */

import type { SoundStress } from '../media-transform.ts';
import type { SoundPart } from './decode-sound.ts';
import { createNoise } from './noise.ts';
import { createResampler } from './resample.ts';

/** Noise is within this many deviations. */
const MOST_DEVIATIONS = 4.4;

/** The samples after the step; `parts` starts a new pass over the clip, and `key` names it for its noise. */
export function stressedSound(
  parts: () => AsyncIterable<SoundPart>,
  stress: SoundStress,
  key: string,
): AsyncIterable<SoundPart> {
  switch (stress.kind) {
    case 'speed':
      return resampled(parts(), (rate) => ({ from: Math.round(rate * stress.level), to: rate }));
    case 'sampleRate':
      return resampled(parts(), (rate) => ({ from: rate, to: stress.level }));
    case 'snr':
      return noisy(parts, stress.level, createNoise(stress.seed, key));
  }
}

/** Samples that are read as if they had the rate `from`, at the rate `to`. */
async function* resampled(
  parts: AsyncIterable<SoundPart>,
  ratesOf: (rate: number) => { readonly from: number; readonly to: number },
): AsyncGenerator<SoundPart> {
  let open: { readonly resampler: ReturnType<typeof createResampler>; readonly to: number } | null = null;
  for await (const { samples, sampleRate } of parts) {
    const { from, to } = ratesOf(sampleRate);
    if (from === to) {
      yield { samples, sampleRate: to };
      continue;
    }
    open ??= { resampler: createResampler(from, to), to };
    yield { samples: open.resampler.push(samples), sampleRate: to };
  }
  if (open !== null) yield { samples: open.resampler.end(), sampleRate: open.to };
}

/**
 * White noise whose power is that of the whole clip, its pauses included, less the ratio. Where clip and noise could be too loud
 * together, both become quieter, so that nothing is clipped and the ratio stays. A silent clip stays silent.
 */
async function* noisy(
  parts: () => AsyncIterable<SoundPart>,
  ratioDb: number,
  noise: () => number,
): AsyncGenerator<SoundPart> {
  const { power, peak } = await loudness(parts());
  const deviation = Math.sqrt(power / 10 ** (ratioDb / 10));
  const gain = Math.min(1, 1 / (peak + MOST_DEVIATIONS * deviation || 1));
  for await (const { samples, sampleRate } of parts())
    yield { samples: samples.map((sample) => gain * (sample + deviation * noise())), sampleRate };
}

/** Mean square and largest value. */
async function loudness(parts: AsyncIterable<SoundPart>) {
  let [squares, count, peak] = [0, 0, 0];
  for await (const { samples } of parts) {
    for (const sample of samples) {
      squares += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    count += samples.length;
  }
  return { power: count === 0 ? 0 : squares / count, peak };
}
