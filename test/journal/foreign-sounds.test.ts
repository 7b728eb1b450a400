import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copySound, describeSound, soundFile, writeSound } from '../../src/journal/sounds.ts';

const BYTES = Buffer.from('RIFF....WAVEfmt ');
const SOUND = describeSound(BYTES, 'wav');

let root: string;
let from: string;
let to: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sounds-'));
  [from, to] = [join(root, 'theirs'), join(root, 'mine')];
  mkdirSync(join(from, 'media'), { recursive: true });
  mkdirSync(to);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a sound is copied when its bytes are those that its name says', async () => {
  writeFileSync(join(from, soundFile(SOUND)), BYTES);

  await copySound(from, to, SOUND);

  expect(readFileSync(join(to, soundFile(SOUND)))).toEqual(BYTES);
});

test.skipIf(process.platform === 'win32').each([
  ['a link to a private file', (path: string) => symlinkSync('/etc/passwd', path)],
  ['a named pipe', (path: string) => spawnSync('/usr/bin/mkfifo', [path])],
  ['other bytes', (path: string) => writeFileSync(path, 'other')],
])('%s in the folder of somebody else is not copied', async (_, make) => {
  make(join(from, soundFile(SOUND)));

  await expect(copySound(from, to, SOUND)).rejects.toThrow();

  expect(existsSync(join(to, soundFile(SOUND)))).toBe(false);
});

test.skipIf(process.platform === 'win32')('sounds are neither read nor written through a linked folder', async () => {
  const elsewhere = join(root, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, soundFile(SOUND).slice('media/'.length)), BYTES);
  rmSync(join(from, 'media'), { recursive: true });
  symlinkSync(elsewhere, join(from, 'media'));

  await expect(copySound(from, to, SOUND)).rejects.toThrow('is a link or a file');
  await expect(writeSound(from, describeSound(Buffer.from('x'), null), ['x'])).rejects.toThrow('is a link or a file');
});

test.skipIf(process.platform === 'win32')('sounds have the permissions of the run', async () => {
  await writeSound(to, SOUND, [BYTES], 0o600);

  const modes = ['media', soundFile(SOUND)].map((name) => (statSync(join(to, name)).mode & 0o777).toString(8));
  expect(modes).toEqual(['700', '600']);
});
