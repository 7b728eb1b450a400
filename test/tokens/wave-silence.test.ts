import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../../src/media/byte-source.ts';
import { isSilentWave } from '../../src/tokens/wave-silence.ts';

/** A WAV file of one channel. */
function wave(tag: number, bits: number, sound: Buffer): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF\0\0\0\0WAVEfmt ', 0, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(tag, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE((16_000 * bits) / 8, 28);
  head.writeUInt16LE(bits / 8, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(sound.length, 40);
  return Buffer.concat([head, sound]);
}

const isSilent = (tag: number, bits: number, sound: Buffer) => isSilentWave(memorySource(wave(tag, bits, sound)));

/** More than one chunk of reading, and no multiple of it. */
const LENGTH = 200_000;

const float = (value: number, bits: 32 | 64) => {
  const bytes = Buffer.alloc((LENGTH * bits) / 8);
  if (bits === 32) bytes.writeFloatLE(value, bytes.length - 4);
  else bytes.writeDoubleLE(value, bytes.length - 8);
  return bytes;
};

test.each([
  ['8-bit samples, whose zero is 128', 1, 8, Buffer.alloc(LENGTH, 128)],
  ['16-bit samples', 1, 16, Buffer.alloc(2 * LENGTH)],
  ['24-bit samples', 1, 24, Buffer.alloc(3 * LENGTH)],
  ['32-bit samples', 1, 32, Buffer.alloc(4 * LENGTH)],
  ['floating-point samples of a faint hiss', 3, 32, float(-0.0005, 32)],
  ['double floating-point samples', 3, 64, float(0.0009, 64)],
])('%s without sound are silent', async (_, tag, bits, sound) => {
  expect(await isSilent(tag, bits, sound)).toBe(true);
});

test.each([
  ['8-bit samples at the lowest level', 1, 8, Buffer.alloc(LENGTH)],
  ['floating-point samples with one click at the end', 3, 32, float(-0.01, 32)],
  ['double floating-point samples with one click at the end', 3, 64, float(0.01, 64)],
  ['samples of a compressed form, which are not read', 2, 16, Buffer.alloc(LENGTH)],
  ['no samples', 1, 16, Buffer.alloc(0)],
])('%s are not silent', async (_, tag, bits, sound) => {
  expect(await isSilent(tag, bits, sound)).toBe(false);
});

test('one sample that is louder than the threshold, anywhere, is sound', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(LENGTH - 1),
      fc.integer({ min: 33, max: 32_767 }),
      fc.boolean(),
      async (at, level, isBelow) => {
        const sound = Buffer.alloc(2 * LENGTH);
        sound.writeInt16LE(isBelow ? -level : level, 2 * at);
        expect(await isSilent(1, 16, sound)).toBe(false);
      },
    ),
    { numRuns: 50 },
  );
});

test('a file that is cut in its header is not silent', async () => {
  const whole = wave(1, 16, Buffer.alloc(8));
  for (let length = 12; length < 44; length += 1)
    expect(await isSilentWave(memorySource(whole.subarray(0, length)))).toBe(false);
});
