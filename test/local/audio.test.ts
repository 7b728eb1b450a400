import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeAudio, SAMPLE_RATE } from '../../src/local/audio.ts';
import { RequestError } from '../../src/local/request-error.ts';
import { wavBytes } from '../helpers/media.ts';

const mp3 = readFileSync(new URL('../fixtures/local/turn-on-the-fan.mp3', import.meta.url));
const wav = wavBytes({ seconds: 0.5, sampleRate: 8000 });

test.each([
  ['a WAV at 8 kHz', wav, 0.5, 0.01],
  ['an MP3', mp3, 1.9, 0.2],
])('decodes %s to 16 kHz', async (_, bytes, seconds, tolerance) => {
  const samples = await decodeAudio({ bytes, param: 'x' });
  expect(Math.abs(samples.length / SAMPLE_RATE - seconds)).toBeLessThan(tolerance);
  expect(samples.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
});

test('takes an MP3 behind an ID3 tag', async () => {
  const tag = Buffer.from('49443303000000000000', 'hex');
  const samples = await decodeAudio({ bytes: Buffer.concat([tag, mp3]), format: 'mp3', param: 'x' });
  expect(samples.length).toBeGreaterThan(SAMPLE_RATE);
});

test.each([
  ['nothing', { bytes: Buffer.alloc(0) }, /neither wav nor mp3/],
  ['garbage', { bytes: Buffer.from('garbage, not a clip') }, /neither wav nor mp3/],
  ['an MP3 of four bytes', { bytes: Buffer.from('fffb9064', 'hex') }, /contains no samples/],
  [
    'garbage behind a frame header',
    { bytes: Buffer.concat([Buffer.from('fffb', 'hex'), Buffer.alloc(300, 1)]) },
    /contains no samples/,
  ],
  ['half a WAV', { bytes: wav.subarray(0, wav.length / 2) }, /cut off/],
  ['a WAV head', { bytes: wav.subarray(0, 44) }, /cut off/],
  ['an MP3 that is declared as a WAV', { bytes: mp3, format: 'wav' }, /declared as wav but is mp3/],
  ['a WAV that is declared as an MP3', { bytes: wav, format: 'mp3' }, /declared as mp3 but is wav/],
  ['a WAV of a strange rate', { bytes: wavBytes({ seconds: 0.5, sampleRate: 100 }) }, /sample rate of 100 Hz/],
  ['a WAV of three minutes', { bytes: wavBytes({ seconds: 180, sampleRate: 4000 }) }, /longer than 120 seconds/],
  [
    'an MP3 of three minutes',
    { bytes: Buffer.concat(Array.from({ length: 100 }, () => mp3)) },
    /longer than 120 seconds/,
  ],
])('rejects %s', async (_, file, message) => {
  const failure = decodeAudio({ ...file, param: 'messages[0].content[1]' });
  await expect(failure).rejects.toBeInstanceOf(RequestError);
  await expect(failure).rejects.toThrow(message);
  await expect(failure).rejects.toMatchObject({ details: { status: 400, param: 'messages[0].content[1]' } });
});
