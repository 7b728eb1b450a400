/** Writes FLAC files for tests: 16 bits, one channel, without compression (RFC 9639). */

/** Samples of a frame. */
const BLOCK = 4096;

/** `samples`: a list of them, or how many times 0. Silence takes a few bytes for each 65,535 samples, as in a bomb. */
export function flacBytes(samples: Int16Array | number, sampleRate: number): Buffer {
  const total = typeof samples === 'number' ? samples : samples.length;
  const block = typeof samples === 'number' ? 65_535 : BLOCK;
  const info = Buffer.alloc(34);
  info.writeUInt16BE(block, 0);
  info.writeUInt16BE(block, 2);
  info.writeUInt32BE(((sampleRate << 12) | (15 << 4)) >>> 0, 10);
  info.writeUInt32BE(total % 2 ** 32, 14);
  const frames: Buffer[] = [];
  for (let first = 0; first < total; first += block) {
    const count = Math.min(block, total - first);
    const body = typeof samples === 'number' ? constant() : verbatim(samples.subarray(first, first + count));
    frames.push(frame(frames.length, count, sampleRate, body));
  }
  return Buffer.concat([Buffer.from('fLaC\x80\0\0\x22', 'latin1'), info, ...frames]);
}

const constant = () => Buffer.from([0, 0, 0]);

function verbatim(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(1 + 2 * samples.length, 2);
  for (const [index, sample] of samples.entries()) bytes.writeInt16BE(sample, 1 + 2 * index);
  return bytes;
}

function frame(number: number, count: number, sampleRate: number, body: Buffer): Buffer {
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(count - 1, 0);
  tail.writeUInt16BE(sampleRate, 2);
  const name = Buffer.from(String.fromCodePoint(number), 'utf8');
  const head = Buffer.concat([Buffer.from([0xff, 0xf8, 0x7d, 0x08]), name, tail]);
  const framed = Buffer.concat([head, Buffer.from([checksum(head, 8, 0x07)]), body]);
  const end = Buffer.alloc(2);
  end.writeUInt16BE(checksum(framed, 16, 0x8005));
  return Buffer.concat([framed, end]);
}

function checksum(bytes: Buffer, bits: number, polynomial: number): number {
  const top = 2 ** (bits - 1);
  const mask = 2 ** bits - 1;
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & top ? (sum << 1) ^ polynomial : sum << 1) & mask;
  }
  return sum;
}
