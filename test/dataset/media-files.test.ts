import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readManifest } from '../../src/dataset/read-manifest.ts';
import { formatProblem, type Problem } from '../../src/errors.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { pdfBytes } from '../helpers/pdf.ts';
import { mp4Bytes } from '../helpers/video.ts';
import { makeFolder, readFolder } from './folder.ts';

const FILES = {
  'photos/b.png': pngBytes(),
  'photos/a/10.png': pngBytes({ seed: 1 }),
  'photos/a/2.JPG': pngBytes({ seed: 2 }),
  'photos/a.png': pngBytes({ seed: 3 }),
  'photos/z/clip.wav': wavBytes({ seconds: 0.01 }),
  'photos/without-ending': pngBytes({ seed: 4 }),
};
const LEFT_OUT = {
  'photos/notes.txt': 'notes',
  'photos/list.csv': 'prompt\nx\n',
  'photos/film.mov': Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'),
  'photos/.DS_Store': 'x',
  'photos/.cache/c.png': pngBytes(),
};

async function read(files: Readonly<Record<string, string | Uint8Array>>, name: string) {
  const folder = makeFolder(files);
  const notes: string[] = [];
  const problems: string[] = [];
  const source = { path: join(folder, name), displayPath: name, prompt: 'What is it?' };
  const samples = [];
  const options = { note: (note: Problem) => notes.push(note.message) };
  for await (const sample of readManifest(source, (problem) => problems.push(formatProblem(problem)), options))
    samples.push(sample);
  return { samples, problems, notes };
}

test('a folder gives a sample for each image and clip, in order, with the path as id and the folder as metadata', async () => {
  const { samples, problems, notes } = await read(FILES, 'photos');

  expect(problems).toEqual([]);
  expect(notes).toEqual([]);
  expect(samples.map(({ id, metadata }) => [id, metadata['folder']])).toEqual([
    ['a/10.png', 'a'],
    ['a/2.JPG', 'a'],
    ['a.png', undefined],
    ['b.png', undefined],
    ['without-ending', undefined],
    ['z/clip.wav', 'z'],
  ]);
  expect(samples.map(({ messages }) => messages[0]?.content.map(({ type }) => type))).toEqual([
    ...Array(5).fill(['text', 'image']),
    ['text', 'audio'],
  ]);
});

test('other files are counted and named, hidden ones counted', async () => {
  const { samples, notes } = await read({ ...FILES, ...LEFT_OUT }, 'photos');

  expect(samples).toHaveLength(6);
  expect(notes).toEqual([
    '3 files left out, which are not media: "film.mov", "list.csv", "notes.txt"',
    '2 hidden files and folders left out',
    '"list.csv" may be a manifest; name it to read it',
  ]);
});

test.each([
  ['photos/*.png', ['a.png', 'b.png']],
  ['photos/**/*.{png,JPG}', ['a/10.png', 'a/2.JPG', 'a.png', 'b.png']],
  ['photos/[az]/*', ['a/10.png', 'a/2.JPG', 'z/clip.wav']],
  ['*/?.png', ['photos/a.png', 'photos/b.png']],
])('the glob %s gives its files in order', async (pattern, expected) => {
  const { samples, problems } = await read({ ...FILES, ...LEFT_OUT }, pattern);

  expect(problems).toEqual([]);
  expect(samples.map(({ id }) => id)).toEqual(expected);
});

test('a folder that exists is itself, though its name is a pattern', async () => {
  const { samples } = await read({ 'photos [2026]/a.png': pngBytes() }, 'photos [2026]');

  expect(samples.map(({ id }) => id)).toEqual(['a.png']);
});

test('a name that looks like a URL is a file', async () => {
  const { samples, problems } = await read({ 'photos/shot-10:20.png': pngBytes() }, 'photos');

  expect(problems).toEqual([]);
  expect(samples.map(({ id }) => id)).toEqual(['shot-10:20.png']);
});

test('an image that cannot be read is a problem, and not left out', async () => {
  const { problems } = await read({ 'photos/a.png': '', 'photos/b.jpg': 'no picture' }, 'photos');

  expect(problems).toEqual([
    'photos:1 file "a.png" is empty (0 bytes)',
    expect.stringMatching(/^photos:2 file "b\.jpg" has an unknown type by its first bytes · known: PNG/),
  ]);
});

test('a link to a file outside of the folder is a problem', async () => {
  const folder = makeFolder({ 'photos/a.png': pngBytes(), 'other/b.png': pngBytes({ seed: 1 }) });
  symlinkSync(join(folder, 'other', 'b.png'), join(folder, 'photos', 'b.png'));
  const problems: string[] = [];
  const source = { path: join(folder, 'photos'), displayPath: 'photos', prompt: 'x' };

  for await (const _ of readManifest(source, (problem) => problems.push(formatProblem(problem))));

  expect(problems).toEqual([
    'photos:2 file "b.png" is a link to a file outside the media folder · put the file itself there, or set mediaRoot',
  ]);
});

test.each([
  [{ 'photos/notes.txt': 'x' }, 'photos', 'photos has no media, only 1 other file: "notes.txt"'],
  [{ 'photos/.x': 'x' }, 'photos', 'photos has no media'],
  [
    { 'photos/a.png': 'x' },
    'photos/*.gif',
    'photos/*.gif matches no file · put the pattern in quotes, so that the shell does not change it',
  ],
])('%j read as %s has no samples, and says why', async (files, name, expected) => {
  expect((await read(files, name)).problems).toEqual([expected]);
});

test('media without a prompt are one problem', async () => {
  const { problems } = await readFolder(FILES, 'photos');

  expect(problems).toEqual([
    'photos is a folder, not a manifest, and its media have no prompt · give --prompt "...", or set dataset.prompt in the configuration',
  ]);
});

test('documents and videos are samples, and WebM with sound alone is a clip', async () => {
  const webm = (codec: string) =>
    Buffer.concat([Buffer.from('1a45dfa3', 'hex'), Buffer.from(`\x42\x82\x84webm${codec}`)]);
  const { samples } = await read(
    {
      'all/film.mp4': mp4Bytes({ seconds: 2 }),
      'all/paper.pdf': pdfBytes(),
      'all/scan.PDF': pdfBytes(),
      'all/talk.webm': webm('A_OPUS'),
      'all/view.webm': webm('V_VP9 A_OPUS'),
    },
    'all',
  );

  expect(samples.map(({ id, messages }) => [id, messages[0]?.content.at(-1)?.type])).toEqual([
    ['film.mp4', 'video'],
    ['paper.pdf', 'document'],
    ['scan.PDF', 'document'],
    ['talk.webm', 'audio'],
    ['view.webm', 'video'],
  ]);
});
