import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audioTokens } from '../../src/tokens/audio-tokens.ts';
import { mediaFacts } from '../../src/tokens/read-media-facts.ts';

interface WaveParts {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bytesPerSecond?: number;
  readonly bytesPerBlock?: number;
  /** Samples of a channel in a block; absent = no such member. */
  readonly samplesPerBlock?: number;
  /** Samples of a channel in the `fact` chunk; absent = none. */
  readonly counted?: number;
  readonly bytes: number;
  /** Bytes that the header states; default: those that are there. */
  readonly stated?: number;
}

function wave(parts: WaveParts): Buffer {
  const { tag = 1, channels = 1, sampleRate = 16_000, bytesPerBlock = 2 * channels, bytes, stated = bytes } = parts;
  const format = Buffer.alloc(parts.samplesPerBlock === undefined ? 16 : 20);
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE(parts.bytesPerSecond ?? sampleRate * bytesPerBlock, 8);
  format.writeUInt16LE(bytesPerBlock, 12);
  if (parts.samplesPerBlock !== undefined) {
    format.writeUInt16LE(2, 16);
    format.writeUInt16LE(parts.samplesPerBlock, 18);
  }
  const fact = Buffer.alloc(4);
  fact.writeUInt32LE(parts.counted ?? 0);
  return Buffer.concat([
    Buffer.from('RIFF\0\0\0\0WAVE', 'latin1'),
    chunk('fmt ', format),
    ...(parts.counted === undefined ? [] : [chunk('fact', fact)]),
    chunk('data', Buffer.alloc(bytes), stated),
  ]);
}

function chunk(name: string, body: Buffer, length = body.length): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, body]);
}

const factsOf = (parts: WaveParts) => mediaFacts({ bytes: wave(parts) }, 'audio/wav');

async function secondsOf(parts: WaveParts): Promise<number | null> {
  const facts = await factsOf(parts);
  return facts.type === 'audio' ? facts.seconds : null;
}

const IMA = { tag: 0x11, sampleRate: 8000, bytesPerBlock: 256, samplesPerBlock: 505 };

describe('the length of a clip', () => {
  test.each<[string, WaveParts, number]>([
    ['of 16-bit samples ignores a wrong rate', { bytes: 32_000, bytesPerSecond: 1 }, 1],
    ['of stereo counts frames', { bytes: 64_000, channels: 2 }, 1],
    ['of samples ignores a wrong count', { bytes: 32_000, counted: 5 }, 1],
    ['of mu-law is a byte a sample', { tag: 7, sampleRate: 8000, bytesPerBlock: 1, bytes: 12_000 }, 1.5],
    ['of A-law is a byte a sample', { tag: 6, sampleRate: 8000, bytesPerBlock: 1, bytes: 8000 }, 1],
    ['of IMA ADPCM comes from its blocks', { ...IMA, bytesPerSecond: 1, bytes: 2560 }, 5050 / 8000],
    ['of IMA ADPCM leaves the padding of the last block out', { ...IMA, bytes: 2560, counted: 5000 }, 5000 / 8000],
    ['of IMA ADPCM counts a short last block', { ...IMA, bytes: 2560 + 4 + 100 }, (5050 + 1 + 200) / 8000],
    [
      'of stereo MS ADPCM comes from its blocks',
      { tag: 2, channels: 2, sampleRate: 8000, bytesPerBlock: 256, samplesPerBlock: 244, bytes: 512 },
      488 / 8000,
    ],
    [
      'of MP3 in a WAV comes from its count',
      { tag: 0x55, bytesPerBlock: 1, bytesPerSecond: 8000, counted: 16_000, bytes: 8200 },
      1,
    ],
    [
      'of another compression is its average rate',
      { tag: 0x31, bytesPerSecond: 1625, bytesPerBlock: 65, bytes: 3250 },
      2,
    ],
    ['ignores a count that is far off', { tag: 0x55, bytesPerSecond: 8000, counted: 999_999, bytes: 8000 }, 1],
    ['ignores the count of a streaming writer', { ...IMA, bytes: 256, counted: 0xffff_ffff }, 505 / 8000],
  ])('%s', async (_what, parts, seconds) => {
    expect(await secondsOf(parts)).toBeCloseTo(seconds, 9);
  });

  test('is exact only where samples are counted', async () => {
    const counted = await factsOf({ ...IMA, bytes: 2560 });
    const average = await factsOf({ tag: 0x31, bytesPerSecond: 1625, bytesPerBlock: 65, bytes: 16_250 });

    expect(counted).not.toHaveProperty('isApproximate');
    expect(average).toMatchObject({ seconds: 10, isApproximate: true });
    expect(audioTokens('gemini-2.5-flash', { seconds: 10 })).toMatchObject({ confidence: 'exact' });
    expect(audioTokens('gemini-2.5-flash', { seconds: 10, isApproximate: true })).toMatchObject({
      low: 288,
      expected: 320,
      high: 352,
      confidence: 'close',
    });
  });

  test('of blocks never exceeds the bytes that are there', async () => {
    const sizes = fc.record({ channels: fc.integer({ min: 1, max: 8 }), bytes: fc.integer({ min: 300, max: 5000 }) });
    await fc.assert(
      fc.asyncProperty(sizes, fc.option(fc.nat(9999), { nil: undefined }), async ({ channels, bytes }, counted) => {
        const parts = { ...IMA, channels, bytes, ...(counted === undefined ? {} : { counted }) };

        expect((await secondsOf(parts)) ?? 0).toBeLessThanOrEqual((Math.ceil(bytes / 256) * 505) / 8000);
      }),
    );
  });
});

describe('a clip that lacks the end of its sound', () => {
  test('is used when it lacks a few bytes, with the length that is there', async () => {
    expect(await factsOf({ bytes: 32_000, stated: 32_008 })).toEqual({
      type: 'audio',
      seconds: 1,
      sampleRate: 16_000,
      channels: 1,
      lacks: { bytes: 8, of: 32_008 },
    });
  });

  test.each([
    ['more than a hundredth of a short clip', 960, 1000],
    ['more than 50 ms of a long clip', 3_200_000 - 1602, 3_200_000],
  ])('is cut off when it lacks %s', async (_what, bytes, stated) => {
    expect(await factsOf({ bytes, stated })).toEqual({
      type: 'unreadable',
      message: `it is cut off: it has ${bytes} of ${stated} bytes of sound`,
    });
  });

  test('is read to its end when a streaming writer states no length', async () => {
    expect(await factsOf({ bytes: 3200, stated: 0xffff_ffff })).toMatchObject({ seconds: 0.1 });
  });
});
