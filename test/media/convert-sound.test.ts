import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertSound } from '../../src/media/convert-sound.ts';
import { createResampler, resample } from '../../src/media/resample.ts';
import { openWav, readWav } from '../../src/media/wav.ts';
import { createWavWriter } from '../../src/media/write-wav.ts';
import type { AudioTransform } from '../../src/media-transform.ts';
import { flacBytes } from '../helpers/flac.ts';
import { wavBytes } from '../helpers/media.ts';

const convert = (
  bytes: Buffer,
  mediaType: string,
  rules: AudioTransform & { readonly takes?: readonly string[] },
  maxBytes = 1e7,
) => convertSound({ bytes, mediaType }, rules, '"a"', { maxBytes, versionOf: () => '1.2.3' });

const stateOf = (bytes: Buffer) => {
  const { sampleRate, channels, bits, length } = openWav(bytes);
  return { sampleRate, channels, bits, seconds: length / sampleRate };
};

test('a WAV file that is right already stays as it is', async () => {
  const bytes = wavBytes({ sampleRate: 16_000 });
  expect(await convert(bytes, 'audio/wav', { sampleRate: 16_000, maxSeconds: 1 })).toEqual({
    bytes,
    mediaType: 'audio/wav',
  });
});

test('another sample rate keeps the length', async () => {
  const sent = await convert(wavBytes({ sampleRate: 8000, seconds: 0.5 }), 'audio/wav', { sampleRate: 16_000 });
  expect(sent.codec).toBe('earsight-wav 1');
  expect(stateOf(sent.bytes)).toEqual({ sampleRate: 16_000, channels: 1, bits: 16, seconds: 0.5 });
});

test('a clip is cut after its seconds, and only a longer one', async () => {
  const bytes = wavBytes({ seconds: 0.5 });
  expect(stateOf((await convert(bytes, 'audio/wav', { format: 'keep', maxSeconds: 0.25 })).bytes).seconds).toBe(0.25);
  expect((await convert(bytes, 'audio/wav', { format: 'keep', maxSeconds: 0.5 })).bytes).toBe(bytes);
});

test('a FLAC becomes a WAV of the same samples where the model does not take it', async () => {
  const samples = Int16Array.from({ length: 9000 }, (_, index) => Math.round(9000 * Math.sin(index / 9)));
  const flac = flacBytes(samples, 16_000);

  const kept = await convert(flac, 'audio/flac', { format: 'keep', takes: ['audio/flac'] });
  const sent = await convert(flac, 'audio/flac', { format: 'keep', takes: ['audio/wav'] });

  expect(kept.bytes).toBe(flac);
  expect(sent).toMatchObject({ mediaType: 'audio/wav', codec: '@wasm-audio-decoders/flac 1.2.3, earsight-wav 1' });
  expect(Int16Array.from(readWav(sent.bytes).samples, (sample) => sample * 2 ** 15)).toEqual(samples);
});

/** A tone of 440 Hz for 0.3 s, at 16 kHz. */
test.each([
  ['tone.ogg', '@wasm-audio-decoders/ogg-vorbis'],
  ['tone.opus', 'ogg-opus-decoder'],
])('%s becomes a WAV of the tone', async (name, decoder) => {
  const bytes = readFileSync(fileURLToPath(new URL(`../fixtures/sounds/${name}`, import.meta.url)));

  const sent = await convert(bytes, 'audio/ogg', { sampleRate: 16_000 });

  expect(sent.codec).toBe(`${decoder} 1.2.3, earsight-wav 1`);
  const { samples, sampleRate } = readWav(sent.bytes);
  expect(sampleRate).toBe(16_000);
  expect(Math.abs(samples.length - 4800)).toBeLessThan(400);
  const crossings = samples
    .subarray(800, 4000)
    .filter((sample, index, all) => sample >= 0 && (all[index - 1] ?? 0) < 0);
  expect(Math.abs(crossings.length - (440 * 3200) / 16_000)).toBeLessThan(3);
});

test('a file that would become too large is rejected while it is written', async () => {
  await expect(
    convert(wavBytes({ seconds: 1, sampleRate: 8000 }), 'audio/wav', { sampleRate: 48_000 }, 50_000),
  ).rejects.toMatchObject({
    kind: 'media',
    message: '"a" cannot be converted: as WAV it has more than 50000 bytes',
    details: { hint: expect.stringContaining('media.audio.maxSeconds') },
  });
});

test.each<[string, Buffer, RegExp]>([
  ['audio/flac', Buffer.from('fLaC and nothing more'), /contains no sound/],
  ['audio/ogg', Buffer.from('OggS and nothing more, at all, in no page'), /its codec is not Vorbis, Opus or FLAC/],
  ['audio/wav', Buffer.from('RIFFxxxxWAVE'), /no format chunk/],
  ['audio/mp4', Buffer.from('....ftypM4A '), /audio\/mp4 cannot be decoded here · convert it: ffmpeg/],
])('a broken %s is named', async (mediaType, bytes, message) => {
  await expect(convert(bytes, mediaType, {})).rejects.toMatchObject({
    kind: 'media',
    message: expect.stringMatching(message),
  });
});

test('resampling in parts gives what resampling at once gives', () => {
  const parts = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 6 });
  const rates = fc.constantFrom([8000, 16_000], [44_100, 16_000], [48_000, 16_000], [16_000, 8000], [11_025, 16_001]);
  fc.assert(
    fc.property(parts, rates, (lengths, [from = 1, to = 1]) => {
      const resampler = createResampler(from, to);
      const whole = Float32Array.from({ length: lengths.reduce((sum, length) => sum + length, 0) }, (_, index) =>
        Math.sin(index / 3),
      );
      let at = 0;
      const made = lengths.flatMap((length) => {
        at += length;
        return [...resampler.push(whole.subarray(at - length, at))];
      });
      expect([...made, ...resampler.end()]).toEqual([...resample(whole, from, to)]);
    }),
  );
});

test('a written file is read back, and what is too loud is clipped', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 1 }), (samples) => {
      const file = createWavWriter(8000);
      file.push(Float32Array.from(samples));
      const read = readWav(file.bytes());
      expect(file.bytes()).toHaveLength(file.byteLength);
      expect(read.sampleRate).toBe(8000);
      for (const [index, sample] of samples.entries())
        expect(Math.abs((read.samples[index] ?? Number.NaN) - Math.max(-1, Math.min(1, sample)))).toBeLessThan(
          2 ** -14,
        );
    }),
  );
});
