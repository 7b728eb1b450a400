import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { foreignFormatOf } from '../../../../src/dataset/find-format.ts';
import type { DatasetSource } from '../../../../src/dataset/read-manifest.ts';
import type { Sample } from '../../../../src/types.ts';
import { pngBytes } from '../../../helpers/media.ts';
import { type Layout, parquetBytes } from '../../../helpers/parquet.ts';
import { makeFolder, readAll } from '../../folder.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes that compress badly, so that pages have their sizes, behind the head of a PNG. */
function noisy(seed: number, length = 3000): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed + 1;
  for (let at = 0; at < length; at += 1) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    bytes[at] = state >> 16;
  }
  bytes.set(pngBytes().subarray(0, 33));
  return bytes;
}

const COUNT = 60;
const images = Array.from({ length: COUNT }, (_, row) => noisy(row));
const SET = { images, questions: images.map((_, row) => `What is in picture ${row}?`) };

const mediaOf = (samples: readonly Sample[]) =>
  samples.map(({ messages }) =>
    messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'text' || part.media.type === 'url' ? [] : [part.media.sha256])),
    ),
  );

function sourceOf(bytes: Buffer | Readonly<Record<string, Buffer>>, name = 'm.parquet'): DatasetSource {
  const folder = makeFolder(Buffer.isBuffer(bytes) ? { [name]: bytes } : bytes);
  return { path: join(folder, name), displayPath: name };
}

const gzip = { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) };
const brotli = { BROTLI: (bytes: Uint8Array) => new Uint8Array(brotliCompressSync(bytes)) };

describe('every image has its bytes', () => {
  test.each<[string, Layout]>([
    ['one row group and one page', { pageSize: 2 ** 30 }],
    ['many pages', { pageSize: 4096 }],
    ['many pages without an index', { pageSize: 4096, offsetIndex: false }],
    ['small row groups', { rowGroupSize: 7 }],
    ['small row groups of many pages', { rowGroupSize: 25, pageSize: 4096 }],
    ['Snappy', { codec: 'SNAPPY', pageSize: 9000 }],
    ['gzip', { codec: 'GZIP', compressors: gzip }],
    ['Brotli', { codec: 'BROTLI', compressors: brotli, rowGroupSize: 20 }],
    ['features of Hugging Face', { huggingface: { info: { features: { image: { _type: 'Image' } } } } }],
  ])('with %s', async (_name, layout) => {
    const source = sourceOf(parquetBytes(SET, layout));

    expect(await foreignFormatOf(source.path, false)).toBe('parquet');
    const { samples, problems } = await readAll(source);
    const again = await readAll(source);

    expect(problems).toEqual([]);
    expect(mediaOf(samples)).toEqual(images.map((bytes) => [sha256(bytes)]));
    expect(samples.map(({ line }) => line)).toEqual(images.map((_, row) => row + 1));
    expect(samples[7]?.target).toEqual(['7']);
    expect(mediaOf(again.samples)).toEqual(mediaOf(samples));
  });
});

test('media are written once, under their hash, and not read from the file again', async () => {
  const source = sourceOf(parquetBytes(SET));
  await readAll(source);
  const folder = join(source.path, '..', '.earsight', 'media');
  const names = readdirSync(folder).filter((name) => name.endsWith('.png'));

  expect(names.sort()).toEqual(images.map((bytes) => `${sha256(bytes).slice(0, 32)}.png`).sort());
  // Damages a file: the second pass does not write it again, because it does not read the images.
  writeFileSync(join(folder, names[0] ?? ''), noisy(999, 5000));
  const { samples } = await readAll(source);
  expect(mediaOf(samples).flat()).toContain(sha256(noisy(999, 5000)));

  rmSync(join(folder, names[1] ?? ''));
  expect(mediaOf((await readAll(source)).samples)).toEqual(images.map((bytes) => [sha256(bytes)]));
});

test('rows without an image have none, and equal images are one file', async () => {
  const [one = noisy(1)] = images;
  const source = sourceOf(parquetBytes({ images: [one, null, one], questions: ['a', 'b', 'c'] }));

  const { samples, problems } = await readAll(source);

  expect(problems).toEqual([]);
  expect(mediaOf(samples)).toEqual([[sha256(one)], [], [sha256(one)]]);
});

test('the files of a sharded data set are one, in their order', async () => {
  const half = (from: number) => ({
    images: images.slice(from, from + 3),
    questions: SET.questions.slice(from, from + 3),
  });
  const names = ['train-00000-of-00002.parquet', 'train-00001-of-00002.parquet'] as const;
  const files = { [names[0]]: parquetBytes(half(0)), [names[1]]: parquetBytes(half(3)) };

  const { samples, problems } = await readAll(sourceOf(files, names[1]));

  expect(problems).toEqual([]);
  expect(mediaOf(samples)).toEqual(images.slice(0, 6).map((bytes) => [sha256(bytes)]));
  expect(samples.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6]);
  const alone = await readAll(sourceOf({ [names[0]]: files[names[0]] ?? Buffer.alloc(0) }, names[0]));
  expect(alone.problems[0]).toContain(`is one of 2 files of a data set, and 1 of them are missing: "${names[1]}"`);
});

test.each(['data', 'data/*.parquet'])('%s is one data set of all its files, in order', async (path) => {
  const part = (from: number, count: number) =>
    parquetBytes({ images: images.slice(from, from + count), questions: SET.questions.slice(from, from + count) });
  const folder = makeFolder({
    'data/README.md': 'what it is',
    'data/b-00001-of-00002.parquet': part(3, 1),
    'data/b-00000-of-00002.parquet': part(1, 2),
    'data/a.parquet': part(0, 1),
  });
  const source = { path: join(folder, path), displayPath: path };

  const { samples, problems, notes } = await readAll(source);
  const again = await readAll(source);

  expect(problems).toEqual([]);
  expect(notes.join(' ')).toContain('3 files are read as one data set: a.parquet and the others');
  expect(mediaOf(samples)).toEqual(images.slice(0, 4).map((bytes) => [sha256(bytes)]));
  expect(mediaOf(again.samples)).toEqual(mediaOf(samples));
  expect(existsSync(join(folder, 'data/.earsight/media'))).toBe(true);
});

test('a folder with a part of the shards names those that are missing', async () => {
  const one = parquetBytes({ images: images.slice(0, 1), questions: ['a'] });
  const folder = makeFolder({ 'data/b-00001-of-00002.parquet': one });

  const { problems } = await readAll({ path: join(folder, 'data'), displayPath: 'data' });

  expect(problems[0]).toContain('1 of them are missing: "b-00000-of-00002.parquet"');
});

test('a file of a folder that cannot be used is named', async () => {
  const one = parquetBytes({ images: images.slice(0, 1), questions: ['a'] });
  const folder = makeFolder({ 'data/a.parquet': one, 'data/b.parquet': one.subarray(0, 900) });

  const { problems } = await readAll({ path: join(folder, 'data'), displayPath: 'data' });

  expect(problems).toEqual([
    expect.stringContaining('data has "b.parquet", which is not a whole Parquet file: its end is missing'),
  ]);
});

test('a map and a prompt of the configuration name the columns', async () => {
  const bytes = parquetBytes({ images: images.slice(0, 1), questions: ['Which?'], answers: ['this'] });

  const mapped = await readAll({ ...sourceOf(bytes), map: { prompt: 'answer', target: 'question' } });
  const prompted = await readAll({ ...sourceOf(bytes), prompt: 'Look: {{question}}' });

  expect(mapped.problems).toEqual([]);
  expect(JSON.stringify(mapped.samples[0]?.messages)).toContain('"text":"this"');
  expect(mapped.samples[0]?.target).toEqual(['Which?']);
  expect(mediaOf(mapped.samples)).toEqual([[sha256(noisy(0))]]);
  expect(JSON.stringify(prompted.samples[0]?.messages)).toContain('Look: Which?');
});

describe('a file that cannot be used is named with the reason', () => {
  const good = parquetBytes(SET, { codec: 'SNAPPY' });
  const withFooter = (length: number) => {
    const bytes = Buffer.from(good);
    bytes.writeUInt32LE(length, bytes.length - 8);
    return bytes;
  };
  const withEnd = (end: string) => Buffer.concat([good.subarray(0, -4), Buffer.from(end)]);

  test.each<[string, Buffer, RegExp]>([
    ['cut off', good.subarray(0, 5000), /^is not a whole Parquet file: its end is missing/],
    ['a few bytes', Buffer.from('PAR1'), /^is not a whole Parquet file/],
    ['encrypted', withEnd('PARE'), /^is encrypted/],
    [
      'something else',
      Buffer.concat([Buffer.from('what'), good.subarray(4)]),
      /^is not a Parquet file by its first bytes/,
    ],
    ['a footer of 2 GB', withFooter(2 ** 31 - 1), /^claims a footer of 2147483647 bytes and has \d+ in all/],
    ['a footer that is data', withFooter(5000), /^(has a footer|claims)/],
    [
      'data behind its end',
      Buffer.concat([good.subarray(0, 4), good.subarray(good.length - 8 - good.readUInt32LE(good.length - 8))]),
      /^claims data of row group 1 behind its end/,
    ],
  ])('%s', async (_name, bytes, message) => {
    const { samples, problems } = await readAll(sourceOf(bytes));

    expect(samples).toEqual([]);
    expect(problems[0]?.replace('m.parquet ', '')).toMatch(message);
  });

  test('a row group of more than 256 MiB, with what to do', async () => {
    const large = new Uint8Array(9 * 2 ** 20);
    large.set(noisy(1, 100));
    const bytes = parquetBytes(
      { images: Array.from({ length: 30 }, () => large), questions: images.slice(0, 30).map(() => 'a') },
      { offsetIndex: false, codec: 'SNAPPY' },
    );

    const { problems } = await readAll(sourceOf(bytes));

    expect(problems[0]).toMatch(
      /row group 1 has 270 MiB; at most 256 MiB are read at once · write it with smaller row groups/,
    );
  });

  test('a folder for media that is a link', async () => {
    const source = sourceOf(parquetBytes(SET));
    symlinkSync(makeFolder({ a: 'b' }), join(source.path, '..', '.earsight'));

    await expect(readAll(source)).rejects.toThrow('cannot hold the media of the Parquet file');
  });
});

const REAL = '../shared/real/parquet/';

describe.skipIf(!existsSync(REAL))('files that others wrote', () => {
  const hashes = existsSync(REAL) ? JSON.parse(readFileSync(`${REAL}sha256.json`, 'utf8')) : {};

  test.each([
    ['vqa-datasets.parquet', 'vqa', undefined],
    ['vqa-pyarrow.parquet', 'vqa', undefined],
    ['asr-huggingface.parquet', 'asr', 'Write down what you hear.'],
  ] as const)('%s', async (name, key, prompt) => {
    const source = sourceOf(readFileSync(`${REAL}${name}`), name);

    const { samples, problems } = await readAll(prompt === undefined ? source : { ...source, prompt });

    expect(problems).toEqual([]);
    expect(mediaOf(samples).flat()).toEqual(hashes[key]);
    expect(samples.every(({ target }) => target.length > 0)).toBe(true);
  });
});
