import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentHash } from '../../../src/dataset/content-hash.ts';
import { convertManifest } from '../../../src/dataset/convert/convert-manifest.ts';
import { pngBytes } from '../../helpers/media.ts';
import { makeFolder, readAll } from '../folder.ts';

const source = (files: Readonly<Record<string, Uint8Array>>) => {
  const path = makeFolder(files);
  return { path, displayPath: 'pets', format: 'hf-classes', prompt: 'Which animal?' } as const;
};

const image = (seed: number) => pngBytes({ seed });

test('the folder of a medium is its target, a folder above it a part of the dataset', async () => {
  const { samples, problems } = await readAll(
    source({ 'train/cat/1.png': image(1), 'train/dog/2.png': image(2), 'test/dog/3.png': image(3) }),
  );

  expect(problems).toEqual([]);
  expect(samples.map(({ id, target, metadata }) => [id, target, metadata])).toEqual([
    ['test/dog/3.png', ['dog'], { split: 'test' }],
    ['train/cat/1.png', ['cat'], { split: 'train' }],
    ['train/dog/2.png', ['dog'], { split: 'train' }],
  ]);
  expect(samples[0]?.messages[0]?.content).toMatchObject([{ text: 'Which animal?' }, { type: 'image' }]);
});

test('converts to the same samples', async () => {
  const from = source({ 'cat/1.png': image(1), 'dog/2.png': image(2) });
  const path = join(from.path, 'm.jsonl');

  const { samples } = await readAll(from);
  await convertManifest(from, { path, displayPath: 'm.jsonl', force: false, copyMedia: false, skipBroken: false });
  const again = await readAll({ path, displayPath: 'm.jsonl' });

  expect(again.samples.map(contentHash)).toEqual(samples.map(contentHash));
});

test.each([
  [{ 'cat/1.png': image(1), '2.png': image(2) }, 'has media at different depths'],
  [{ 'cat/1.png': image(1), 'cat/2.png': image(2) }, 'has only one folder with media'],
  [{ '1.png': image(1), '2.png': image(2) }, 'has only one folder with media'],
  [{ 'cat/notes.txt': Buffer.from('x') }, 'has no media'],
])('says why the folders are no classes (%#)', async (files, message) => {
  const { problems } = await readAll(source(files));

  expect(problems).toEqual([expect.stringContaining(`pets ${message}`)]);
});
