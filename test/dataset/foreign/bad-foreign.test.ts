/** Every broken file of another tool in `test/fixtures/bad` gives its golden messages. Its name is `foreign-<format>.<defect>.<ending>`. */

import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isFormatName } from '../../../src/dataset/find-format.ts';
import { FOREIGN_FORMATS } from '../../../src/dataset/foreign/registry.ts';
import { pngBytes } from '../../helpers/media.ts';
import { makeFolder, readAll } from '../folder.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/bad/', import.meta.url));

const files = readdirSync(FIXTURES).filter((name) => name.startsWith('foreign-') && !name.endsWith('.txt'));

test('there are broken files of every format that is not a folder', () => {
  const formats = Object.entries(FOREIGN_FORMATS).filter(([, { extensions }]) => extensions.length > 0);
  const without = formats.filter(([name]) => !files.some((file) => file.startsWith(`foreign-${name}.`)));

  expect(files.length).toBeGreaterThan(24);
  expect(without.map(([name]) => name)).toEqual([]);
});

test.each(files)('%s', async (name) => {
  const folder = makeFolder({ 'chart.png': pngBytes() });
  cpSync(join(FIXTURES, name), join(folder, name));
  const format = name.slice('foreign-'.length).split('.')[0] ?? '';
  if (!isFormatName(format)) expect.fail(`${format} is not a format`);

  const { samples, problems } = await readAll({ path: join(folder, name), displayPath: name, format });

  const lines = [...problems, ...samples.map(({ line }) => `good: ${line}`)];
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(FIXTURES, `${name}.txt`));
});

test('every golden file has its broken file', () => {
  const golden = readdirSync(FIXTURES).filter((name) => name.startsWith('foreign-') && name.endsWith('.txt'));

  expect(golden.filter((name) => !existsSync(join(FIXTURES, name.slice(0, -'.txt'.length))))).toEqual([]);
});
