import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunInfo } from '../../src/report.ts';
import type { Result } from '../../src/result.ts';
import { createMediaNotes } from '../../src/summary/media-notes.ts';
import { type Workspace, workspace } from '../helpers/cli.ts';
import { pngBytes, wavBytes } from '../helpers/media.ts';
import { fixtureReport } from '../helpers/report-fixture.ts';
import { answered } from '../helpers/results.ts';

let folder: Workspace;
beforeEach(() => {
  folder = workspace({
    'manifest.csv': 'id,prompt\n',
    'a.png': pngBytes({ width: 640, height: 480 }),
    'a.wav': wavBytes({ seconds: 12.5 }),
    'page.png': '<html>',
  });
  mkdirSync(join(folder.directory, 'results'));
});
afterEach(() => folder[Symbol.dispose]());

const { run } = fixtureReport();

function notesOf(result: Result) {
  const info: RunInfo = { ...run, dataset: { path: '../manifest.csv', sha256: '', samples: 1 } };
  return createMediaNotes(join(folder.directory, 'results'), info)(result);
}

test('says type, size, pixels and seconds of media', async () => {
  const notes = await notesOf(answered(1, { sample: { images: ['a.png'], audio: ['a.wav'] } }));

  expect(notes.get('a.png')).toMatch(/^image\/png, [\d,]+ bytes, 640 x 480 pixels$/u);
  expect(notes.get('a.wav')).toBe('audio/wav, 400,044 bytes, 12.5 s, 16000 Hz');
});

test('says what is wrong with media that cannot be shown', async () => {
  const images = ['gone.png', '../outside.png', 'page.png', 'a.wav', 'data:image/png;sha256=00', 'x\0y'];

  const notes = await notesOf(answered(1, { sample: { images } }));

  expect(images.map((uri) => notes.get(uri))).toEqual([
    'does not exist',
    "is outside the manifest's folder",
    'is no longer image',
    'is no longer image',
    'its bytes are in the manifest',
    'contains a NUL character',
  ]);
});

test('a URL is not fetched, and has no note', async () => {
  const notes = await notesOf(answered(1, { sample: { images: ['https://example.com/a.png'] } }));

  expect([...notes]).toEqual([]);
});

test('media of turns, and sounds that are not there, have notes', async () => {
  const turn = { prompt: '', images: ['a.png'], audio: [], target: [], reply: null };
  const sha256 = 'a'.repeat(64);
  const result = { ...answered(1), turns: [turn], sound: { sha256, mediaType: 'audio/wav', byteLength: 9 } };

  const notes = await notesOf(result);

  expect(notes.get('a.png')).toContain('640 x 480');
  expect(notes.get(sha256)).toBe('does not exist, or has other bytes than its name says');
});
