/** Writes WAVE files of 16 bits and one channel from samples that come in parts. */

const HEADER_BYTES = 44;
const BYTES_A_SAMPLE = 2;
const FULL_SCALE = 2 ** 15;

/** Collects samples. */
export interface WavWriter {
  /** Of the file so far. */
  readonly byteLength: number;
  /** Samples in [-1, 1]; louder ones are clipped. */
  push(samples: Float32Array): void;
  bytes(): Buffer;
}

export function createWavWriter(sampleRate: number): WavWriter {
  const parts: Buffer[] = [];
  let byteLength = HEADER_BYTES;
  return {
    get byteLength() {
      return byteLength;
    },
    push(samples) {
      const part = Buffer.alloc(samples.length * BYTES_A_SAMPLE);
      for (const [index, sample] of samples.entries()) {
        const whole = Math.round(sample * FULL_SCALE);
        part.writeInt16LE(Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, whole)), index * BYTES_A_SAMPLE);
      }
      parts.push(part);
      byteLength += part.length;
    },
    bytes: () => Buffer.concat([header(sampleRate, byteLength - HEADER_BYTES), ...parts], byteLength),
  };
}

/** RIFF with a format chunk for integer samples, then the data chunk. */
function header(sampleRate: number, dataBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * BYTES_A_SAMPLE, 28);
  bytes.writeUInt16LE(BYTES_A_SAMPLE, 32);
  bytes.writeUInt16LE(8 * BYTES_A_SAMPLE, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(dataBytes, 40);
  return bytes;
}
