import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mediaManifest } from '../../../src/config/starter/media-manifest.ts';
import { readManifest } from '../../../src/dataset/read-manifest.ts';
import type { Sample } from '../../../src/types.ts';
import { pngBytes } from '../../helpers/media.ts';
import { folderWith } from '../temporary-folder.ts';

const image = pngBytes();

/** Names of files as systems allow them, with what CSV, lists and URLs would read otherwise. */
const nameOfFile = fc
  .array(fc.constantFrom('a', 'é', ' ', '"', ',', ';', '|', '[', ']', '\\', ':', "'", '=', '#', '\n', '{', '.'), {
    minLength: 1,
    maxLength: 8,
  })
  .map((letters) => `${letters.join('')}x.png`)
  .filter((name) => !name.startsWith('.'));

test('a manifest of files with hostile names is read back as these files', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(nameOfFile, { minLength: 1, maxLength: 4 }), async (names) => {
      const cwd = folderWith({});
      for (const name of names) {
        mkdirSync(dirname(join(cwd, 'p', name)), { recursive: true });
        writeFileSync(join(cwd, 'p', name), image);
      }
      const files = names.map((path) => ({ path, kind: 'image' as const }));
      writeFileSync(join(cwd, 'm.csv'), mediaManifest(files, 'p/', 'Say "it", then; stop'));
      const problems: string[] = [];
      const samples: Sample[] = [];

      const source = { path: join(cwd, 'm.csv'), displayPath: 'm.csv' };
      for await (const sample of readManifest(source, ({ message }) => problems.push(message))) samples.push(sample);

      expect(problems).toEqual([]);
      expect(samples.map(({ id }) => id)).toEqual(names);
      expect(samples.map(({ messages }) => messages[0]?.content[1])).toMatchObject(
        names.map((name) => ({ type: 'image', media: { path: join(cwd, 'p', name) } })),
      );
    }),
    { numRuns: 60 },
  );
});

test('each medium is in its column, with the prompt of its kind', () => {
  const text = mediaManifest(
    [
      { path: 'a.png', kind: 'image' },
      { path: 'b.wav', kind: 'audio' },
    ],
    '',
    undefined,
  );

  expect(text).toBe(
    'id,prompt,image,audio,target\na.png,Transcribe the text in the image.,a.png,,\nb.wav,Transcribe the audio.,,b.wav,\n',
  );
});
