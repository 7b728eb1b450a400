import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { audioHeader } from '../../src/tokens/audio-header.ts';
import type { MediaFacts } from '../../src/tokens/media-facts.ts';
import { mediaFacts, mediaFactsReader } from '../../src/tokens/read-media-facts.ts';
import type { Media } from '../../src/types.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const folder = mkdtempSync(join(tmpdir(), 'earsight-facts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes the bytes to a file, so that a file and its bytes can be read alike. */
function file(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const facts = (bytes: Buffer, mediaType: string) => mediaFacts({ bytes }, mediaType);

const SEGMENT = (marker: number, body: Buffer) => {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([header, body]);
};

/** A JPEG of headers only: an optional EXIF orientation, filler in front of the size, and an empty scan. */
function jpeg({ width = 640, height = 480, orientation = 0, filler = 0, end = true } = {}): Buffer {
  const exif = Buffer.alloc(32);
  exif.write('Exif\0\0MM\0*', 0, 'latin1');
  exif.writeUInt32BE(8, 10);
  exif.writeUInt16BE(1, 14);
  exif.writeUInt16BE(0x0112, 16);
  exif.writeUInt16BE(3, 18);
  exif.writeUInt32BE(1, 20);
  exif.writeUInt16BE(orientation, 24);
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  const parts = [Buffer.from([0xff, 0xd8]), SEGMENT(0xe0, Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1'))];
  if (orientation > 0) parts.push(SEGMENT(0xe1, exif));
  for (let left = filler; left > 0; left -= 60_000) parts.push(SEGMENT(0xe2, Buffer.alloc(Math.min(left, 60_000))));
  parts.push(SEGMENT(0xc0, frame), SEGMENT(0xda, Buffer.from([1, 1, 0, 0, 63, 0])), Buffer.alloc(5000, 1));
  if (end) parts.push(Buffer.from([0xff, 0xd9]));
  return Buffer.concat(parts);
}

function pngHeader(width: number, height: number): Buffer {
  const bytes = pngBytes();
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

function gif(width: number, height: number): Buffer {
  const bytes = Buffer.from('GIF89a\0\0\0\0\x80\0\0\0\0\0\xff\xff\xff;', 'latin1');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes;
}

/** A GIF of one frame with a comment in front and a colour table of its own; its pixels hold the byte of the end mark. */
function gifFrame(): Buffer {
  const comment = Buffer.from('!\xfe\x03abc\0', 'latin1');
  const frame = Buffer.from(',\0\0\0\0\x07\0\x09\0\x80\0\0\0\xff\xff\xff\x02\x05;;;;;\x02;;\0', 'latin1');
  const plain = gif(7, 9);
  return Buffer.concat([plain.subarray(0, -1), comment, frame, Buffer.from(';')]);
}

/** An extended WebP header in front of nothing. */
function webp(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(22, 4);
  bytes.write('WEBPVP8X', 8, 'latin1');
  bytes.writeUInt32LE(10, 16);
  bytes.writeUIntLE(width - 1, 24, 3);
  bytes.writeUIntLE(height - 1, 27, 3);
  return bytes;
}

test('a TIFF is measured, and one of several pages is not sent as its first', async () => {
  const page = await sharp(pngBytes({ width: 6, height: 4 }))
    .tiff({ compression: 'none' })
    .toBuffer();
  const directory = page.readUInt32LE(4);
  const two = Buffer.from(page);
  two.writeUInt32LE(8, directory + 2 + 12 * page.readUInt16LE(directory));

  expect(await facts(page, 'image/tiff')).toEqual({ type: 'image', width: 6, height: 4, orientation: 1 });
  expect(await facts(two, 'image/tiff')).toEqual({
    type: 'unreadable',
    message: 'it has several pages: make each a file',
  });
});

test('a HEIC without a readable size is not broken, its size is unknown', async () => {
  const photo = Buffer.from('\0\0\0\x24ftypheic\0\0\0\0mif1heic', 'latin1');
  const media: Media = { ...MEDIA, mediaType: 'image/heic', base64: photo.toString('base64') };

  expect(await mediaFactsReader()(media)).toBeNull();
});

const MEDIA = { type: 'data', uri: 'x', sha256: 'x', byteLength: 1 } as const;

describe('images', () => {
  test.each([
    ['PNG', pngBytes({ width: 30, height: 20 }), 'image/png', 30, 20],
    ['JPEG', jpeg({ width: 4032, height: 3024 }), 'image/jpeg', 4032, 3024],
    ['GIF', gif(7, 9), 'image/gif', 7, 9],
    ['WebP', webp(800, 600), 'image/webp', 800, 600],
  ])('%s: width and height', async (_kind, bytes, mediaType, width, height) => {
    expect(await facts(bytes, mediaType)).toEqual({ type: 'image', width, height, orientation: 1 });
    expect(await mediaFacts({ path: file(`image-${_kind}`, bytes) }, mediaType)).toMatchObject({ width, height });
  });

  test('EXIF orientation is read', async () => {
    expect(await facts(jpeg({ orientation: 6 }), 'image/jpeg')).toMatchObject({ orientation: 6, width: 640 });
  });

  test('a profile larger than the first read does not hide the size', async () => {
    expect(await facts(jpeg({ filler: 200_000 }), 'image/jpeg')).toMatchObject({ width: 640, height: 480 });
  });

  test('a header of 50,000 x 50,000 pixels is read, not decoded', async () => {
    expect(await facts(pngHeader(50_000, 50_000), 'image/png')).toMatchObject({ width: 50_000, height: 50_000 });
  });

  test.each([
    ['zero wide', pngHeader(0, 10), 'image/png', /0 x 10/],
    ['zero high', pngHeader(10, 0), 'image/png', /10 x 0/],
    ['empty', Buffer.alloc(0), 'image/png', /header/],
    ['noise', Buffer.alloc(2000, 7), 'image/jpeg', /header/],
    ['cut in its header', pngBytes().subarray(0, 18), 'image/png', /header|cut off/],
    ['a PNG cut in its pixels', pngBytes({ width: 90, height: 90 }).subarray(0, -14), 'image/png', /cut off/],
    ['a JPEG cut in its pixels', jpeg({ end: false }), 'image/jpeg', /cut off/],
    ['a GIF cut in its pixels', gifFrame().subarray(0, -4), 'image/gif', /cut off/],
    ['a GIF cut before its pixels', gifFrame().subarray(0, -12), 'image/gif', /cut off/],
    ['a GIF cut in its colours', gif(7, 9).subarray(0, -3), 'image/gif', /cut off/],
    ['a WebP cut anywhere', webp(8, 6).subarray(0, 29), 'image/webp', /cut off|header/],
    ['a text', Buffer.from('just words'), 'text/plain', /no type of media/],
  ])('%s is unreadable, and says why', async (_what, bytes, mediaType, message) => {
    expect(await facts(bytes, mediaType)).toEqual({ type: 'unreadable', message: expect.stringMatching(message) });
  });

  test.each([
    ['PNG', Buffer.concat([pngBytes({ width: 5, height: 6 }), Buffer.alloc(10_000)]), 'image/png'],
    ['JPEG', Buffer.concat([jpeg(), Buffer.alloc(10_000)]), 'image/jpeg'],
    ['GIF', Buffer.concat([gifFrame(), Buffer.alloc(10_000)]), 'image/gif'],
  ])('a %s with bytes after its end is whole', async (_kind, bytes, mediaType) => {
    expect((await facts(bytes, mediaType)).type).toBe('image');
  });

  test('a GIF that lacks nothing but its end mark is whole', async () => {
    expect(await facts(gifFrame().subarray(0, -1), 'image/gif')).toMatchObject({ type: 'image', width: 7 });
  });

  test('the end of a thumbnail is not the end of the picture', async () => {
    const thumbnail = SEGMENT(0xe2, Buffer.from([0xff, 0xd8, 0xff, 0xd9]));
    const cut = jpeg({ end: false });

    const bytes = Buffer.concat([cut.subarray(0, 2), thumbnail, cut.subarray(2)]);

    expect(await facts(bytes, 'image/jpeg')).toMatchObject({ type: 'unreadable' });
  });
});

describe('clips', () => {
  test('a WAV file: seconds, sample rate, channels', async () => {
    const bytes = wavBytes({ seconds: 2.5, sampleRate: 24_000 });

    expect(await facts(bytes, 'audio/wav')).toEqual({ type: 'audio', seconds: 2.5, sampleRate: 24_000, channels: 1 });
    expect(await mediaFacts({ path: file('a.wav', bytes) }, 'audio/wav')).toMatchObject({ seconds: 2.5 });
  });

  test.each([0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_f000])(
    'a streamed length of %s gives way to the file size',
    async (length) => {
      const bytes = wavBytes({ seconds: 1 });
      bytes.writeUInt32LE(length, 40);

      expect(await facts(bytes, 'audio/wav')).toMatchObject({ seconds: 1 });
    },
  );

  test('chunks in front of the sound are stepped over', async () => {
    const plain = wavBytes({ seconds: 0.5 });
    const list = Buffer.concat([Buffer.from('LIST\x05\0\0\0', 'latin1'), Buffer.alloc(6)]);

    const bytes = Buffer.concat([plain.subarray(0, 36), list, plain.subarray(36)]);

    expect(await facts(bytes, 'audio/wav')).toMatchObject({ seconds: 0.5 });
  });

  test('a compressed WAV is timed by its byte rate', async () => {
    const bytes = wavBytes({ seconds: 1 });
    bytes.writeUInt16LE(0x11, 20);
    bytes.writeUInt32LE(8000, 28);

    expect(await facts(bytes, 'audio/wav')).toMatchObject({ seconds: 4 });
  });

  test.each([
    ['without a data chunk', wavBytes().subarray(0, 36), /data chunk/],
    ['without a format', Buffer.concat([wavBytes().subarray(0, 12), wavBytes().subarray(36)]), /sample rate/],
    ['cut in its format', Buffer.concat([wavBytes().subarray(0, 20), Buffer.from('data')]), /data chunk/],
    ['cut in its sound', wavBytes({ seconds: 1 }).subarray(0, -4000), /cut off: it has 28000 of 32000/],
    ['without sound', wavBytes({ seconds: 0 }), /no sound/],
  ])('a WAV file %s is unreadable, and says why', async (_what, bytes, message) => {
    expect(await facts(bytes, 'audio/wav')).toEqual({ type: 'unreadable', message: expect.stringMatching(message) });
  });

  test('a WAV file of many chunks is given up after a bounded number of reads', async () => {
    const start = Buffer.concat([wavBytes().subarray(0, 12), Buffer.from('LIST\0\0\0\0'.repeat(50_000), 'latin1')]);
    let reads = 0;
    const read = async (offset: number, length: number) => {
      reads += 1;
      return start.subarray(offset, offset + length);
    };

    expect(await audioHeader({ byteLength: start.length, read }, 'audio/wav')).toEqual({
      type: 'unreadable',
      message: 'it has more than 1000 chunks before its sound',
    });
    expect(reads).toBeLessThan(1010);
  });

  test('a clip of endless frames is given up, and other work gets its turn before', async () => {
    let turns = 0;
    let timer = setImmediate(function count() {
      turns += 1;
      timer = setImmediate(count);
    });
    const found = await facts(Buffer.from('fffb'.repeat(50_000), 'hex'), 'audio/mpeg');
    clearImmediate(timer);

    expect(found).toEqual({ type: 'unreadable', message: 'it is not readable as audio/mpeg: it has too many parts' });
    expect(turns).toBeGreaterThan(10);
  });

  test('an MP3 file is timed by its frames', async () => {
    // 128 kbit/s, 44.1 kHz, mono: 417 bytes and 1152 samples a frame.
    const frame = Buffer.alloc(417);
    frame.set([0xff, 0xfb, 0x90, 0xc4]);
    const bytes = Buffer.concat(Array.from({ length: 100 }, () => frame));

    const clip = await facts(bytes, 'audio/mpeg');

    expect(clip).toMatchObject({ type: 'audio', sampleRate: 44_100, channels: 1 });
    expect(clip.type === 'audio' ? clip.seconds : 0).toBeCloseTo((100 * 1152) / 44_100, 1);
  });

  test('what music-metadata cannot follow is unreadable', async () => {
    expect(await facts(Buffer.alloc(3000, 3), 'audio/flac')).toMatchObject({ type: 'unreadable' });
    expect(await facts(Buffer.alloc(0), 'audio/mpeg')).toMatchObject({ type: 'unreadable' });
  });
});

test('a file that is not there is unreadable', async () => {
  expect(await mediaFacts({ path: join(folder, 'missing.png') }, 'image/png')).toEqual({
    type: 'unreadable',
    message: expect.stringContaining('ENOENT'),
  });
});

describe('mediaFactsReader', () => {
  const media = (name: string, bytes: Buffer): Media => ({
    type: 'file',
    uri: name,
    path: file(name, bytes),
    mediaType: 'image/png',
    sha256: name,
    byteLength: bytes.length,
  });

  test('reads each content once', async () => {
    const read = mediaFactsReader();
    const one = media('once.png', pngBytes({ width: 3, height: 4 }));
    const before = await read(one);
    writeFileSync(join(folder, 'once.png'), pngBytes({ width: 9, height: 9 }));

    expect(await read(one)).toEqual(before);
  });

  test('forgets the content that was used longest ago', async () => {
    const read = mediaFactsReader(2);
    const widths: Promise<MediaFacts | null>[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => media(`${name}.png`, pngBytes({ width: 5, height: 5 })));
    if (a === undefined || b === undefined || c === undefined) throw new Error('three media');
    await read(a);
    await read(b);
    await read(a);
    await read(c);
    for (const name of ['a.png', 'b.png']) writeFileSync(join(folder, name), pngBytes({ width: 8, height: 8 }));

    widths.push(read(a), read(b));

    expect(await Promise.all(widths)).toMatchObject([{ width: 5 }, { width: 8 }]);
  });

  test('reads data media from memory, and nothing for a URL', async () => {
    const bytes = pngBytes({ width: 11, height: 12 });
    const data: Media = {
      type: 'data',
      uri: 'data:image/png;sha256=00',
      mediaType: 'image/png',
      sha256: '00',
      byteLength: bytes.length,
      base64: bytes.toString('base64'),
    };

    expect(await mediaFactsReader()(data)).toMatchObject({ width: 11, height: 12 });
    expect(await mediaFactsReader()({ type: 'url', uri: 'https://example.org/a.png' })).toBeNull();
  });
});
