import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWav, readWav } from '../../src/media/wav.ts';

interface WavFile {
  readonly format: number;
  readonly bits: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly data: Buffer;
  /** Chunks before the samples. */
  readonly before?: Buffer;
  readonly declaredLength?: number;
  readonly extensible?: boolean;
}

function chunk(name: string, body: Buffer, declaredLength = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(declaredLength, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function wavFile(file: WavFile): Buffer {
  const { format, bits, channels = 1, sampleRate = 16_000, data, before = Buffer.alloc(0) } = file;
  const fmt = Buffer.alloc(file.extensible === true ? 40 : 16);
  fmt.writeUInt16LE(file.extensible === true ? 0xfffe : format, 0);
  fmt.writeUInt16LE(channels, 2);
  fmt.writeUInt32LE(sampleRate, 4);
  fmt.writeUInt16LE(bits, 14);
  if (file.extensible === true) fmt.writeUInt16LE(format, 24);
  const body = Buffer.concat([chunk('fmt ', fmt), before, chunk('data', data, file.declaredLength)]);
  return Buffer.concat([chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), body]))]);
}

type Write = (buffer: Buffer, value: number, offset: number) => void;

const KINDS: readonly { format: number; bits: number; step: number; write: Write }[] = [
  { format: 1, bits: 8, step: 1 / 128, write: (b, v, o) => b.writeUInt8(Math.min(255, Math.round(v * 128) + 128), o) },
  {
    format: 1,
    bits: 16,
    step: 2 ** -15,
    write: (b, v, o) => b.writeInt16LE(Math.min(32_767, Math.round(v * 2 ** 15)), o),
  },
  {
    format: 1,
    bits: 24,
    step: 2 ** -23,
    write: (b, v, o) => b.writeIntLE(Math.min(2 ** 23 - 1, Math.round(v * 2 ** 23)), o, 3),
  },
  {
    format: 1,
    bits: 32,
    step: 2 ** -31,
    write: (b, v, o) => b.writeInt32LE(Math.min(2 ** 31 - 1, Math.round(v * 2 ** 31)), o),
  },
  { format: 3, bits: 32, step: 2 ** -24, write: (b, v, o) => b.writeFloatLE(v, o) },
  { format: 3, bits: 64, step: 2 ** -24, write: (b, v, o) => b.writeDoubleLE(v, o) },
];

test.each(KINDS)('reads back what was written with format $format and $bits bits', ({ format, bits, step, write }) => {
  const values = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(values, (samples) => {
      const data = Buffer.alloc((samples.length * bits) / 8);
      for (const [index, value] of samples.entries()) write(data, value, (index * bits) / 8);
      const sound = readWav(wavFile({ format, bits, data, sampleRate: 8000 }));
      expect(sound.sampleRate).toBe(8000);
      expect(sound.samples).toHaveLength(samples.length);
      for (const [index, value] of samples.entries())
        expect(Math.abs((sound.samples[index] ?? Number.NaN) - value)).toBeLessThanOrEqual(1.01 * step);
    }),
  );
});

const TWO_SAMPLES = Buffer.from([0x00, 0x40, 0x00, 0xc0]);

test('mixes channels down', () => {
  const { samples } = readWav(wavFile({ format: 1, bits: 16, channels: 2, data: TWO_SAMPLES }));
  expect([...samples]).toEqual([0]);
});

test('skips chunks that it does not know, with their padding', () => {
  const before = chunk('LIST', Buffer.from('abc'));
  expect([...readWav(wavFile({ format: 1, bits: 16, data: TWO_SAMPLES, before })).samples]).toEqual([0.5, -0.5]);
});

test('reads the extensible form, and a stream of unknown length to its end', () => {
  const extensible = wavFile({ format: 1, bits: 16, data: TWO_SAMPLES, extensible: true });
  const streamed = wavFile({ format: 1, bits: 16, data: TWO_SAMPLES, declaredLength: 0xffffffff });
  expect([...readWav(extensible).samples]).toEqual([0.5, -0.5]);
  expect([...readWav(streamed).samples]).toEqual([0.5, -0.5]);
});

test('a sample that is not a number is silence', () => {
  const data = Buffer.alloc(4);
  data.writeFloatLE(Number.NaN);
  expect([...readWav(wavFile({ format: 3, bits: 32, data })).samples]).toEqual([0]);
});

test.each([
  ['cut short', wavFile({ format: 1, bits: 16, data: TWO_SAMPLES, declaredLength: 400 }), /cut off.*lacks 396 bytes/],
  ['without samples', wavFile({ format: 1, bits: 16, data: Buffer.alloc(0) }), /no samples/],
  ['of another kind', wavFile({ format: 2, bits: 4, data: TWO_SAMPLES }), /unknown type \(format 2, 4 bits\)/],
  ['without channels', wavFile({ format: 1, bits: 16, channels: 0, data: TWO_SAMPLES }), /no channel/],
  [
    'without a format',
    chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), chunk('data', TWO_SAMPLES)])),
    /no format chunk/,
  ],
])('rejects a file %s', (_, bytes, message) => {
  expect(isWav(bytes)).toBe(true);
  expect(() => readWav(bytes)).toThrow(message);
});

test('any bytes behind the signature give samples or a RangeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (tail) => {
      const bytes = Buffer.concat([wavFile({ format: 1, bits: 16, data: TWO_SAMPLES }).subarray(0, 12), tail]);
      try {
        expect(readWav(bytes).samples.length).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test('more chunks than any file has are an error', () => {
  const before = Buffer.concat(Array.from({ length: 1001 }, () => chunk('LIST', Buffer.alloc(0))));

  expect(() => readWav(wavFile({ format: 1, bits: 16, data: Buffer.alloc(2), before }))).toThrow(
    'more than 1000 chunks',
  );
});
