/** Every manifest of `test/fixtures/bad` gives its golden messages: all defects at once, each with its line and what to do. */

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readManifest } from '../../src/dataset/read-manifest.ts';
import { formatProblem } from '../../src/errors.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures/bad/', import.meta.url));
const MAX_MEDIA_BYTES = 4096;
const MAKE_PIPE = 'mkfifo'; // of POSIX; Node.js has no call for it

const manifests = readdirSync(FIXTURES).filter((name) => /^dataset-/.test(name) && !name.endsWith('.txt'));

let parent = '';
let folder = '';

beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'earsight-bad-'));
  folder = join(parent, 'data');
  mkdirSync(join(folder, 'sub'), { recursive: true });
  mkdirSync(join(folder, 'folder.png'));
  writeFileSync(join(parent, 'outside.png'), pngBytes());
  writeFileSync(join(folder, 'chart.png'), pngBytes());
  writeFileSync(join(folder, 'sub', 'photo.png'), pngBytes({ seed: 1 }));
  writeFileSync(join(folder, 'clip.wav'), wavBytes({ seconds: 0.01 }));
  writeFileSync(join(folder, 'big.png'), Buffer.concat([pngBytes(), Buffer.alloc(MAX_MEDIA_BYTES)]));
  writeFileSync(join(folder, 'empty.png'), '');
  writeFileSync(join(folder, 'notes.png'), 'notes');
  symlinkSync(join(parent, 'outside.png'), join(folder, 'link.png'));
  execFileSync(MAKE_PIPE, [join(folder, 'pipe.png')]);
  for (const name of manifests) cpSync(join(FIXTURES, name), join(folder, name));
});

afterAll(() => rmSync(parent, { recursive: true }));

test('every bad manifest has golden messages', () => {
  expect(manifests.length).toBeGreaterThanOrEqual(60);
  expect(manifests.filter((name) => !existsSync(join(FIXTURES, `${name}.txt`)))).toEqual([]);
});

test.each(manifests)('%s', async (name) => {
  const lines: string[] = [];
  const source = { path: join(folder, name), displayPath: name, maxMediaBytes: MAX_MEDIA_BYTES };

  for await (const sample of readManifest(source, (problem) => lines.push(formatProblem(problem))))
    lines.push(`good: ${sample.line}`);

  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(join(FIXTURES, `${name}.txt`));
});
