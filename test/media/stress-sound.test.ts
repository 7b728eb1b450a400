import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertSound } from '../../src/media/convert-sound.ts';
import { openWav, readWav } from '../../src/media/wav.ts';
import { createWavWriter } from '../../src/media/write-wav.ts';
import type { AudioTransform } from '../../src/media-transform.ts';
import { sentClip } from '../../src/tokens/sent-media.ts';

const RATE = 16_000;

/** A tone of 440 Hz. */
const tone = (loudness: number, count = RATE) => {
  const wav = createWavWriter(RATE);
  wav.push(Float32Array.from({ length: count }, (_, index) => loudness * Math.sin((index * 440 * 2 * Math.PI) / RATE)));
  return wav.bytes();
};
const convert = async (bytes: Buffer, rules: AudioTransform, key = 'a') =>
  (await convertSound({ bytes, mediaType: 'audio/wav' }, { ...rules, key }, '"a"', { maxBytes: 1e7 })).bytes;
const samplesOf = (bytes: Buffer) => readWav(bytes).samples;

/** dB between a clip and what was added to it, however much quieter both became. */
function ratioOf(clean: Float32Array, noisy: Float32Array): number {
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  const gain = dot(clean, noisy) / dot(clean, clean);
  const added = noisy.map((value, index) => value - gain * (clean[index] ?? 0));
  return 10 * Math.log10((gain ** 2 * dot(clean, clean)) / dot(added, added));
}

test('noise has its ratio to the clip, however loud the clip is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -10, max: 30 }),
      fc.double({ min: 0.2, max: 1, noNaN: true }),
      async (level, loudness) => {
        const clean = tone(loudness);

        const sent = await convert(clean, { stress: { kind: 'snr', level, seed: 1 } });

        expect(Math.abs(ratioOf(samplesOf(clean), samplesOf(sent)) - level)).toBeLessThan(0.5);
        // Nothing is clipped.
        expect(samplesOf(sent).every((sample) => Math.abs(sample) < 0.9999)).toBe(true);
      },
    ),
    { numRuns: 10 },
  );
});

test('noise is repeated by its seed, and differs between clips', async () => {
  const clean = tone(0.5);
  const noisy = (seed: number, key: string) => convert(clean, { stress: { kind: 'snr', level: 10, seed } }, key);

  const first = await noisy(1, 'a');

  expect(await noisy(1, 'a')).toEqual(first);
  expect(await noisy(2, 'a')).not.toEqual(first);
  expect(await noisy(1, 'b')).not.toEqual(first);
});

test('a silent clip stays silent', async () => {
  const sent = await convert(tone(0), { stress: { kind: 'snr', level: 0, seed: 1 } });

  expect(samplesOf(sent).every((sample) => sample === 0)).toBe(true);
});

test.each([0.5, 0.9, 1.1, 2])('at speed %d the clip has its length, and its pitch goes along', async (level) => {
  const rules = { stress: { kind: 'speed', level } } as const;

  const sent = await convert(tone(0.5), rules);

  const samples = samplesOf(sent);
  const crossings = samples.filter((sample, index) => index > 0 && sample >= 0 !== (samples[index - 1] ?? 0) >= 0);
  const seconds = samples.length / RATE;
  expect(seconds).toBeCloseTo(1 / level, 3);
  expect(Math.abs(crossings.length / 2 / seconds - 440 * level)).toBeLessThan(3);
  const facts = { type: 'audio', seconds: 1, sampleRate: RATE, channels: 1 } as const;
  expect(sentClip(facts, rules).seconds).toBeCloseTo(seconds, 3);
});

test('a sample rate is that of the file, also where clips are kept; a model of another rate gets its own after it', async () => {
  const stress = { kind: 'sampleRate', level: 8000 } as const;
  const rateOf = async (rules: AudioTransform) => openWav(await convert(tone(0.5), rules)).sampleRate;

  expect(await rateOf({ stress })).toBe(8000);
  expect(await rateOf({ format: 'keep', stress })).toBe(8000);
  expect(await rateOf({ sampleRate: RATE, stress })).toBe(RATE);
});

test('a clip is cut after its step', async () => {
  const sent = await convert(tone(0.5), { maxSeconds: 0.75, stress: { kind: 'speed', level: 2 } });
  const cut = await convert(tone(0.5), { maxSeconds: 0.75, stress: { kind: 'speed', level: 0.5 } });

  expect([sent, cut].map((bytes) => openWav(bytes).length / RATE)).toEqual([0.5, 0.75]);
});
