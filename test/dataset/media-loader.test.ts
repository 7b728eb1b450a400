import { createHash } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMediaLoader } from '../../src/dataset/media-loader.ts';
import { prepareImage } from '../../src/media/prepare-image.ts';
import type { Media } from '../../src/types.ts';
import { startEndpoint } from '../helpers/endpoint.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { makeFolder } from './folder.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A file as validation describes it. */
function fileOf(folder: string, name: string, bytes: Buffer, mediaType = 'image/png'): Media {
  const path = join(folder, name);
  return { type: 'file', uri: name, path, mediaType, sha256: sha256(bytes), byteLength: bytes.length };
}

function dataOf(bytes: Buffer, mediaType: string): Media {
  const hash = sha256(bytes);
  const uri = `data:${mediaType};sha256=${hash}`;
  return { type: 'data', uri, mediaType, sha256: hash, byteLength: bytes.length, base64: bytes.toString('base64') };
}

const sizeOf = async (base64: Buffer) => {
  const { width, height, format } = await sharp(Buffer.from(base64.toString('latin1'), 'base64')).metadata();
  return [format, width, height];
};

describe('a file', () => {
  test('is read and encoded once for all who ask, at the same time or later', async () => {
    const wav = wavBytes();
    const folder = makeFolder({ 'a.wav': wav, 'copy.wav': wav });
    const loader = createMediaLoader();

    const [first, second] = await Promise.all([
      loader.load(fileOf(folder, 'a.wav', wav, 'audio/wav')),
      loader.load(fileOf(folder, 'copy.wav', wav, 'audio/wav')),
    ]);
    rmSync(join(folder, 'a.wav'));
    const later = await loader.load(fileOf(folder, 'a.wav', wav, 'audio/wav'));

    expect(first).toEqual({
      mediaType: 'audio/wav',
      base64: Buffer.from(wav.toString('base64')),
      byteLength: wav.length,
    });
    expect(second?.base64).toBe(first?.base64);
    expect(later.base64).toBe(first?.base64);
  });

  test('is the same as a data URL with its bytes', async () => {
    const png = pngBytes();
    const loader = createMediaLoader();

    const fromData = await loader.load(dataOf(png, 'image/png'));
    const fromFile = await loader.load(fileOf('/nowhere', 'a.png', png));

    expect(Buffer.from(fromData.base64.toString('latin1'), 'base64').equals(png)).toBe(true);
    expect(fromFile.base64).toBe(fromData.base64);
  });

  test.each([
    [
      'other bytes of the same length',
      (path: string) => writeFileSync(path, pngBytes({ seed: 1 })),
      'changed since validation',
    ],
    ['another length', (path: string) => writeFileSync(path, 'x'), 'changed since validation'],
    ['none', (path: string) => writeFileSync(path, ''), 'is empty (0 bytes)'],
    ['no file', (path: string) => rmSync(path), 'does not exist'],
    [
      'a link in its place',
      (path: string) => {
        rmSync(path);
        symlinkSync('/etc/hosts', path);
      },
      'cannot be read (ELOOP)',
    ],
  ])('that has %s since validation is not sent', async (_, change, message) => {
    const png = pngBytes();
    const folder = makeFolder({ 'a.png': png });
    change(join(folder, 'a.png'));

    const loaded = createMediaLoader().load(fileOf(folder, 'a.png', png));

    await expect(loaded).rejects.toMatchObject({ kind: 'media', message: `"a.png" ${message}` });
  });

  test('that could not be read is tried again when it is asked for again', async () => {
    const png = pngBytes();
    const folder = makeFolder({});
    const loader = createMediaLoader();
    await expect(loader.load(fileOf(folder, 'a.png', png))).rejects.toMatchObject({ kind: 'media' });
    writeFileSync(join(folder, 'a.png'), png);

    const loaded = await loader.load(fileOf(folder, 'a.png', png));

    expect(loaded.byteLength).toBe(png.length);
  });

  test('is not read once the run has ended', async () => {
    const loader = createMediaLoader({ signal: AbortSignal.abort() });

    await expect(loader.load(dataOf(pngBytes(), 'image/png'))).rejects.toMatchObject({ kind: 'aborted' });
  });
});

describe('the cache', () => {
  test('lets the least recently used go first', async () => {
    const files = [0, 1, 2].map((seed) => pngBytes({ seed }));
    const folder = makeFolder(Object.fromEntries(files.map((bytes, at) => [`${at}.png`, bytes])));
    const [a, b, c] = files.map((bytes, at) => fileOf(folder, `${at}.png`, bytes));
    const roomForTwo = 2 * Math.max(...files.map((bytes) => bytes.toString('base64').length));
    const loader = createMediaLoader({ maxCacheBytes: roomForTwo });
    if (a === undefined || b === undefined || c === undefined) throw new Error('three files');

    const before = [await loader.load(a), await loader.load(b), await loader.load(a), await loader.load(c)];
    const after = [await loader.load(a), await loader.load(c), await loader.load(b)];

    expect(after[0]?.base64).toBe(before[0]?.base64);
    expect(after[1]?.base64).toBe(before[3]?.base64);
    expect(after[2]?.base64).not.toBe(before[1]?.base64);
    expect(after[2]?.base64.equals(before[1]?.base64 ?? Buffer.alloc(0))).toBe(true);
  });

  test('does not keep an item that is larger than itself', async () => {
    const media = dataOf(pngBytes(), 'image/png');
    const loader = createMediaLoader({ maxCacheBytes: 10 });

    const [first, second] = [await loader.load(media), await loader.load(media)];

    expect(second.base64).not.toBe(first.base64);
  });
});

describe('scaling', () => {
  const large = pngBytes({ width: 40, height: 20 });
  const load = (media: Media, maxEdge: number) => createMediaLoader().load(media, { image: { maxEdge } });

  test('brings the longer side down and keeps a PNG a PNG', async () => {
    const { mediaType, base64, byteLength } = await load(dataOf(large, 'image/png'), 10);

    expect(mediaType).toBe('image/png');
    expect(await sizeOf(base64)).toEqual(['png', 10, 5]);
    expect(Buffer.from(base64.toString('latin1'), 'base64')).toHaveLength(byteLength);
  });

  test('makes a JPEG of all else, on white', async () => {
    const webp = await sharp({ create: { width: 30, height: 60, channels: 4, background: '#00000000' } })
      .webp()
      .toBuffer();

    const { mediaType, base64 } = await load(dataOf(webp, 'image/webp'), 12);

    expect(mediaType).toBe('image/jpeg');
    expect(await sizeOf(base64)).toEqual(['jpeg', 6, 12]);
    const { data } = await sharp(Buffer.from(base64.toString('latin1'), 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.min(...data)).toBeGreaterThan(250);
  });

  test('turns a photo the way its camera was held', async () => {
    const turned = await sharp(large).jpeg().withMetadata({ orientation: 6 }).toBuffer();

    const { base64 } = await load(dataOf(turned, 'image/jpeg'), 10);

    expect(await sizeOf(base64)).toEqual(['jpeg', 5, 10]);
  });

  test.each(['jpeg', 'png', 'webp'] as const)('turns a small %s upright, whatever its orientation', async (format) => {
    const stripes = sharp({ create: { width: 8, height: 4, channels: 3, background: '#000' } }).composite([
      { input: { create: { width: 8, height: 1, channels: 3, background: '#fff' } }, top: 0, left: 0 },
    ]);
    for (const orientation of [2, 3, 4, 5, 6, 7, 8]) {
      const bytes = await stripes.clone().withMetadata({ orientation })[format]().toBuffer();

      const { mediaType, base64 } = await load(dataOf(bytes, `image/${format}`), 1000);

      const upright = await sharp(bytes).autoOrient().raw().toBuffer({ resolveWithObject: true });
      const sent = sharp(Buffer.from(base64.toString('latin1'), 'base64'));
      expect(mediaType).toBe(format === 'png' ? 'image/png' : 'image/jpeg');
      expect((await sent.metadata()).orientation).toBeUndefined();
      const { data, info } = await sent.raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([upright.info.width, upright.info.height]);
      expect(data.every((value, index) => Math.abs(value - (upright.data[index] ?? 0)) < 40)).toBe(true);
    }
  });

  test.each([
    ['tiff', 'image/png'],
    ['avif', 'image/jpeg'],
  ] as const)('converts a small %s to %s with the same pixels', async (format, mediaType) => {
    const bytes = await sharp(pngBytes({ width: 40, height: 20 }))
      [format]({ quality: 95 })
      .toBuffer();

    const loaded = await createMediaLoader().load(dataOf(bytes, `image/${format}`), { image: {} });

    const sent = await sharp(Buffer.from(loaded.base64.toString('latin1'), 'base64'))
      .raw()
      .toBuffer();
    const source = await sharp(bytes).raw().toBuffer();
    expect(loaded.mediaType).toBe(mediaType);
    expect(sent.length).toBe(source.length);
    expect(sent.every((value, index) => Math.abs(value - (source[index] ?? 0)) < 30)).toBe(true);
  });

  test('turns upright without a limit of size', async () => {
    const turned = await sharp(large).jpeg().withMetadata({ orientation: 8 }).toBuffer();

    const { base64 } = await createMediaLoader().load(dataOf(turned, 'image/jpeg'), { image: {} });

    expect(await sizeOf(base64)).toEqual(['jpeg', 20, 40]);
  });

  test.each([40, 1000])('leaves an image of at most %i pixels unchanged', async (maxEdge) => {
    const { base64 } = await load(dataOf(large, 'image/png'), maxEdge);

    expect(base64.toString('latin1')).toBe(large.toString('base64'));
  });

  test('leaves clips alone', async () => {
    const { mediaType, byteLength } = await load(dataOf(wavBytes(), 'audio/wav'), 1);

    expect([mediaType, byteLength]).toEqual(['audio/wav', wavBytes().length]);
  });

  test('is kept apart from the original and other sizes', async () => {
    const loader = createMediaLoader();
    const media = dataOf(large, 'image/png');

    const sizes = [undefined, 10, 5].map((maxEdge) =>
      loader.load(media, maxEdge === undefined ? {} : { image: { maxEdge } }),
    );
    const loaded = await Promise.all(sizes);

    expect(await Promise.all(loaded.map(({ base64 }) => sizeOf(base64)))).toEqual([
      ['png', 40, 20],
      ['png', 10, 5],
      ['png', 5, 3],
    ]);
  });

  test('reports an image that cannot be decoded', async () => {
    const broken = dataOf(large.subarray(0, 40), 'image/png');

    await expect(load(broken, 10)).rejects.toMatchObject({
      kind: 'media',
      message: expect.stringMatching(/^"data:image\/png;sha256=[0-9a-f]+…?" cannot be converted: /),
    });
  });

  test('names the package to install when it is missing', async () => {
    const absent = () => Promise.reject(new Error("Cannot find package 'sharp'"));

    const scaled = prepareImage({ bytes: large, mediaType: 'image/png' }, { maxEdge: 10 }, '"a.png"', {
      loadSharp: absent,
    });

    await expect(scaled).rejects.toMatchObject({
      kind: 'media',
      message: '"a.png" cannot be converted: this needs the optional package sharp: Cannot find package \'sharp\'',
      details: { hint: expect.stringContaining('npm install sharp') },
    });
  });
});

describe('media behind a URL', () => {
  test('are not fetched unless that is allowed', async () => {
    const loaded = createMediaLoader().load({ type: 'url', uri: 'https://media.example/a.png' });

    await expect(loaded).rejects.toMatchObject({
      kind: 'media',
      message: 'a URL cannot be inlined: fetching is not allowed',
      details: { hint: expect.stringContaining('allowRemoteMedia') },
    });
  });

  test('are never fetched from this machine', async () => {
    const endpoint = await startEndpoint({ body: pngBytes() });
    onTestFinished(() => endpoint.close());
    const loader = createMediaLoader({ allowRemoteMedia: true, maxMediaBytes: 1000 });

    const loaded = ['127.0.0.1', 'localhost', '2130706433'].map((host) =>
      loader.load({ type: 'url', uri: `https://${host}:${endpoint.port}/a.png` }),
    );

    for (const media of await Promise.allSettled(loaded))
      expect(media).toMatchObject({ status: 'rejected', reason: { kind: 'media' } });
    expect(endpoint.connections()).toBe(0);
  });
});
