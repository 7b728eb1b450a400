import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageSize } from 'image-size';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeSound, writeSound } from '../../src/journal/sounds.ts';
import type { RunInfo } from '../../src/report.ts';
import type { EmbedMode } from '../../src/shown-media.ts';
import { createReportMedia } from '../../src/summary/report-media.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { pdfBytes } from '../helpers/pdf.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { mp4Bytes } from '../helpers/video.ts';

const SOUND = wavBytes({ seconds: 0.1, seed: 3 });

let folder: Workspace;
beforeEach(() => {
  folder = workspace({
    'data/manifest.csv': '',
    'data/img/a b#1.png': pngBytes({ width: 900, height: 600 }),
    'data/small.png': pngBytes({ width: 2, height: 2 }),
    'data/long.wav': wavBytes({ seconds: 40 }),
    'data/clip.wav': SOUND,
    'data/notes.png': 'no picture',
    'data/paper.pdf': pdfBytes({ texts: ['one', 'two', 'three'] }),
    'data/locked.pdf': pdfBytes({ isEncrypted: true }),
    'data/short.mp4': mp4Bytes({ seconds: 2 }),
    'data/long.mp4': Buffer.concat([mp4Bytes({ seconds: 2 }), Buffer.alloc(2 ** 20)]),
    'secret.png': pngBytes(),
  });
  mkdirSync(join(folder.directory, 'out'));
});
afterEach(() => folder[Symbol.dispose]());

function media(mode: EmbedMode, dataset: Partial<RunInfo['dataset']> = {}) {
  const { run } = fixtureReport();
  const info = { ...run, dataset: { ...run.dataset, path: '../data/manifest.csv', ...dataset } };
  return createReportMedia(join(folder.directory, 'out'), info, mode);
}

test('scales an image, and links to the original by a relative address', async () => {
  const { content, href, problem } = await media('thumbs').ofSample('img/a b#1.png', 'image', true);

  expect(content?.mediaType).toBe('image/webp');
  expect(content?.key).toMatch(/^[0-9a-f]{64}$/);
  expect(href).toBe('../data/img/a%20b%231.png');
  expect(problem).toBeNull();
});

test('embeds an image whole when asked, and a clip up to 1 MiB', async () => {
  const full = await media('full').ofSample('img/a b#1.png', 'image', true);
  const clip = await media('thumbs').ofSample('clip.wav', 'audio', true);
  const long = await media('thumbs').ofSample('long.wav', 'audio', true);

  expect(full.content?.mediaType).toBe('image/png');
  expect(clip.content?.bytes).toEqual(SOUND);
  expect(long).toMatchObject({ content: null, href: '../data/long.wav', problem: null });
});

test('shows a document by its first page and the number of its pages', async () => {
  const small = await media('thumbs').ofSample('paper.pdf', 'document', true);
  const large = await media('full').ofSample('paper.pdf', 'document', true);
  const linked = await media('link').ofSample('paper.pdf', 'document', true);
  const locked = await media('thumbs').ofSample('locked.pdf', 'document', true);

  expect(imageSize(small.content?.bytes ?? new Uint8Array())).toMatchObject({ width: 370, height: 479 });
  expect(small).toMatchObject({ href: '../data/paper.pdf', pages: 3, problem: null });
  expect(imageSize(large.content?.bytes ?? new Uint8Array())).toMatchObject({ width: 1275, height: 1650 });
  expect(linked).toMatchObject({ content: null, href: '../data/paper.pdf', problem: null });
  expect(locked).toMatchObject({ content: null, href: null, problem: 'is an encrypted PDF' });
});

test('embeds a video as a clip, and links to a longer one', async () => {
  const short = await media('thumbs').ofSample('short.mp4', 'video', true);
  const long = await media('thumbs').ofSample('long.mp4', 'video', true);
  const whole = await media('full').ofSample('long.mp4', 'video', true);

  expect(short.content?.mediaType).toBe('video/mp4');
  expect(long).toMatchObject({ content: null, href: '../data/long.mp4', problem: null });
  expect(whole.content?.bytes.length).toBeGreaterThan(2 ** 20);
});

test.each([
  ['link', { content: null, href: '../data/small.png', problem: null }],
  ['none', { content: null, href: null, problem: null }],
] as const)('mode %s embeds nothing', async (mode, expected) => {
  expect(await media(mode).ofSample('small.png', 'image', true)).toMatchObject(expected);
});

test('links when the report has no room left', async () => {
  expect(await media('full').ofSample('small.png', 'image', false)).toMatchObject({
    content: null,
    href: '../data/small.png',
  });
});

test.each([
  ['gone.png', 'image', 'does not exist'],
  ['../secret.png', 'image', "is outside the manifest's folder"],
  ['/etc/passwd', 'image', 'is an absolute path'],
  ['link.png', 'image', 'is a link to a file outside the media folder'],
  ['clip.wav', 'image', 'is no longer image'],
  ['notes.png', 'image', 'is no longer image'],
  ['data:image/png;sha256=00', 'image', 'its bytes are in the manifest'],
] as const)('says why %s is not shown', async (uri, kind, problem) => {
  symlinkSync(join(folder.directory, 'secret.png'), join(folder.directory, 'data/link.png'));

  expect(await media('full').ofSample(uri, kind, true)).toMatchObject({ content: null, href: null, problem });
});

test('finds media below the media root that the run recorded', async () => {
  const found = await media('link', { mediaRoot: '..' }).ofSample('../secret.png', 'image', true);

  expect(found).toMatchObject({ href: '../secret.png', problem: null });
});

test('passes the address of remote media on, and fetches nothing', async () => {
  expect(await media('full').ofSample('https://example.org/x.png', 'image', true)).toEqual({
    content: null,
    href: 'https://example.org/x.png',
    mediaKey: 'url:https://example.org/x.png',
    problem: null,
  });
});

test('embeds the sound of an answer, but no other bytes in its place', async () => {
  const directory = join(folder.directory, 'out');
  const sound = describeSound(SOUND, 'wav');
  await writeSound(directory, sound, [SOUND]);

  expect((await media('thumbs').ofAnswer(sound, true)).content?.bytes).toEqual(SOUND);
  writeFileSync(join(directory, 'media', `${sound.sha256}.wav`), wavBytes({ seed: 9 }));
  expect(await media('thumbs').ofAnswer(sound, true)).toMatchObject({
    content: null,
    problem: 'does not exist, or has other bytes than its name says',
  });
  expect((await media('thumbs').ofAnswer({ ...sound, isLost: true }, true)).problem).toBe(
    'could not be written during the run',
  );
});
