/** Every foreign fixture, converted, gives the same samples; embedded media become files; nothing is written on bad input. */

import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { contentHash } from '../../../src/dataset/content-hash.ts';
import { type Conversion, convertManifest } from '../../../src/dataset/convert/convert-manifest.ts';
import { withFormat } from '../../../src/dataset/open-format.ts';
import type { DatasetSource } from '../../../src/dataset/read-manifest.ts';
import { InputError } from '../../../src/errors.ts';
import type { Sample } from '../../../src/types.ts';
import { pngBytes, wavBytes } from '../../helpers/media.ts';
import { makeFolder, readAll } from '../folder.ts';
import { FIXTURES_OF, openFixture } from '../foreign/fixtures.ts';

const convert = (source: DatasetSource, path: string, options: Partial<Conversion> = {}) =>
  convertManifest(source, {
    path,
    displayPath: path.slice(path.lastIndexOf('/') + 1),
    force: false,
    copyMedia: false,
    skipBroken: false,
    ...options,
  });

const problemsOf = async (conversion: Promise<unknown>) => {
  const error = await conversion.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof InputError ? error.message.split('\n') : [];
};

/** What a sample is, without its place. */
const facts = (samples: readonly Sample[]) => samples.map((sample) => [sample.id, contentHash(sample)]);

test.each(Object.values(FIXTURES_OF).flat())('%s, converted and read again, gives the same samples', async (file) => {
  const source = await withFormat(openFixture(file));
  const path = join(dirname(source.path), 'converted.jsonl');

  const { samples } = await readAll(source);
  const converted = await convert(source, path);
  const again = await readAll({ path, displayPath: 'converted.jsonl' });

  expect(again.problems).toEqual([]);
  expect(facts(again.samples)).toEqual(facts(samples));
  expect(converted).toMatchObject({ samples: samples.length, leftOut: [] });
  expect(readFileSync(path, 'utf8')).not.toContain('base64');
});

test.each(Object.values(FIXTURES_OF).flat())('%s, converted into another folder with its media, too', async (file) => {
  const source = await withFormat(openFixture(file));
  const path = join(makeFolder({}), 'converted.jsonl');

  const { samples } = await readAll(source);
  await convert(source, path, { copyMedia: true });
  const again = await readAll({ path, displayPath: 'converted.jsonl' });

  expect(again.problems).toEqual([]);
  expect(facts(again.samples)).toEqual(facts(samples));
});

test('writes each embedded medium once, under its hash, and keeps it when it is there', async () => {
  const png = pngBytes().toString('base64');
  const wav = wavBytes().toString('base64');
  const row = (id: string) => ({
    id,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
          { type: 'input_audio', input_audio: { data: wav, format: 'wav' } },
        ],
      },
    ],
  });
  const folder = makeFolder({ 'in.jsonl': `${JSON.stringify(row('a'))}\n${JSON.stringify(row('b'))}\n` });
  const source = { path: join(folder, 'in.jsonl'), displayPath: 'in.jsonl' };

  const first = await convert(source, join(folder, 'out.jsonl'));
  const second = await convert(source, join(folder, 'out.jsonl'), { force: true });

  expect([first.media, second.media]).toEqual([2, 2]);
  const names = readdirSync(join(folder, 'media'));
  expect(names.map((name) => name.replace(/^[0-9a-f]{32}/, '')).sort()).toEqual(['.png', '.wav']);
  expect(names.map((name) => readFileSync(join(folder, 'media', name)))).toEqual(
    expect.arrayContaining([pngBytes(), wavBytes()]),
  );
});

test('names files so that no reader takes them for a URL or cuts a blank off', async () => {
  const folder = makeFolder({ 'in.csv': 'prompt,image\nWhat?,./ab:c.png\nWho?,./ d.png\n' });
  writeFileSync(join(folder, 'ab:c.png'), pngBytes());
  writeFileSync(join(folder, ' d.png'), pngBytes({ seed: 1 }));
  const source = { path: join(folder, 'in.csv'), displayPath: 'in.csv' };

  await convert(source, join(folder, 'out.jsonl'));
  const again = await readAll({ path: join(folder, 'out.jsonl'), displayPath: 'out.jsonl' });

  expect(again.problems).toEqual([]);
  expect(facts(again.samples)).toEqual(facts((await readAll(source)).samples));
});

test('says once that media are outside the folder of the manifest, and writes nothing', async () => {
  const folder = makeFolder({
    'in.csv': 'prompt,image\nWhat?,a.png\nWho?,b.png\n',
    'a.png': pngBytes(),
    'b.png': pngBytes(),
  });

  const problems = await problemsOf(
    convert({ path: join(folder, 'in.csv'), displayPath: 'in.csv' }, join(folder, 'sub', 'out.jsonl')),
  );

  expect(problems).toEqual([expect.stringMatching(/^in\.csv:2 "a\.png" is outside the folder of .*--copy-media$/)]);
  expect(existsSync(join(folder, 'sub'))).toBe(false);
});

test('reports all problems and writes nothing; leaves these rows out when told', async () => {
  const folder = makeFolder({ 'in.jsonl': '{"prompt": "a"}\n{"prompt": 1}\n{"image": "x.png"}\n' });
  const source = { path: join(folder, 'in.jsonl'), displayPath: 'in.jsonl' };
  const path = join(folder, 'out.jsonl');

  const problems = await problemsOf(convert(source, path));
  const isThere = existsSync(path);
  const { samples, leftOut } = await convert(source, path, { skipBroken: true });

  expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['in.jsonl:2', 'in.jsonl:3']);
  expect(isThere).toBe(false);
  expect([samples, leftOut.length, readFileSync(path, 'utf8')]).toEqual([1, 2, '{"prompt":"a"}\n']);
});

test('a dataset of which nothing can be read is a problem also when rows may be left out', async () => {
  const folder = makeFolder({ 'in.jsonl': '{"prompt": 1}\n' });

  const problems = await problemsOf(
    convert({ path: join(folder, 'in.jsonl'), displayPath: 'in.jsonl' }, join(folder, 'out.jsonl'), {
      skipBroken: true,
    }),
  );

  expect(problems).toEqual([expect.stringContaining('in.jsonl:1 ')]);
});

test.each([
  ['out.csv', 'is not the name of a JSONL file · end it with .jsonl or .ndjson'],
  ['in.jsonl', 'is the dataset itself · name another file'],
  ['there.jsonl', 'already exists · name another file, or replace it with --force'],
  ['folder.jsonl', 'is not a regular file · name another file'],
  ['link.jsonl', 'is not a regular file · name another file'],
])('does not write %s: it %s', async (name, message) => {
  const folder = realpathSync(makeFolder({ 'in.jsonl': '{"prompt": "a"}\n', 'there.jsonl': 'mine' }));
  mkdirSync(join(folder, 'folder.jsonl'));
  symlinkSync(join(folder, 'there.jsonl'), join(folder, 'link.jsonl'));

  const problems = await problemsOf(
    convert({ path: join(folder, 'in.jsonl'), displayPath: 'in.jsonl' }, join(folder, name), {
      force: name !== 'there.jsonl',
    }),
  );

  expect(problems).toEqual([`${name} ${message}`]);
  expect(readFileSync(join(folder, 'there.jsonl'), 'utf8')).toBe('mine');
});
