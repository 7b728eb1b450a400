import { expect, test } from 'vitest';
import { pngBytes, wavBytes } from '../../helpers/media.ts';
import { makeFolder, readAll } from '../folder.ts';
import { openFixture } from './fixtures.ts';

const userParts = (sample: { readonly messages: readonly { readonly content: readonly unknown[] }[] } | undefined) =>
  sample?.messages.at(-1)?.content;

test('reads the chapters of LibriSpeech, with clips that were converted to WAV', async () => {
  const { samples } = await readAll(openFixture('librispeech'));

  expect(samples.map(({ id, target, group, metadata }) => [id, target, group, metadata])).toEqual([
    ['121-121726-0000', ['PLEASE COUNT THE RED DOORS'], 'speaker 121', { speaker: '121', chapter: '121726' }],
    ['61-70968-0000', ['THE LAMP ON THE TABLE IS GREEN'], 'speaker 61', { speaker: '61', chapter: '70968' }],
    ['61-70968-0001', ['SEVEN BOATS LEFT THE BAY'], 'speaker 61', { speaker: '61', chapter: '70968' }],
  ]);
  expect(userParts(samples[0])).toMatchObject([
    { type: 'text', text: 'Transcribe the recording.' },
    { type: 'audio', media: { uri: 'test-clean/121/121726/121-121726-0000.wav' } },
  ]);
});

test('the prompt of the configuration takes the place of the one for LibriSpeech', async () => {
  const { samples } = await readAll(openFixture('librispeech', { prompt: 'Write down what is said.' }));

  expect(userParts(samples[0])).toMatchObject([{ text: 'Write down what is said.' }, { type: 'audio' }]);
});

test('names clips and lines of LibriSpeech that have no counterpart, each with its file', async () => {
  const path = makeFolder({
    '1/2/1-2.trans.txt': '1-2-0000 YES\nnote\n1-2-0002 NO\n',
    '1/2/1-2-0000.wav': wavBytes(),
    '1/2/1-2-0001.wav': wavBytes(),
  });

  const { problems } = await readAll({ path, displayPath: 'corpus' });

  expect(problems).toEqual([
    'corpus/1/2/1-2.trans.txt:2 "note" is not the id of a clip',
    expect.stringContaining('corpus/1/2/1-2.trans.txt:3 audio "1/2/1-2-0002.flac" does not exist'),
    'corpus/1/2/1-2-0001.wav has no line in a transcript (*.trans.txt) · add it, or move the clip away',
  ]);
});

test('reads imagefolder and audiofolder with media relative to the metadata file', async () => {
  const images = await readAll(openFixture('imagefolder'));
  const clips = await readAll(openFixture('audiofolder'));

  expect(images.samples.map(({ target }) => target)).toEqual([['bar chart'], ['bar']]);
  expect(userParts(images.samples[0])).toMatchObject([{}, { type: 'image', media: { uri: 'train/chart.png' } }]);
  expect(clips.samples.map(({ id, target, metadata }) => [id, target, metadata])).toEqual([
    ['one', ['seven boats'], { speaker: '3' }],
    ['two', ['two clips'], {}],
  ]);
  expect(userParts(clips.samples[1])).toHaveLength(3);
});

test('a folder without prompts is one problem that names what to set, and none with a prompt', async () => {
  const path = makeFolder({ 'metadata.csv': 'file_name,label\na.png,cat\na.png,dog\n', 'a.png': pngBytes() });

  const without = await readAll({ path, displayPath: 'pets' });
  const withPrompt = await readAll({ path, displayPath: 'pets', prompt: 'Which animal?' });

  expect(without.problems).toEqual(['pets/metadata.csv:2 has no "prompt" · set dataset.prompt in the configuration']);
  expect(withPrompt.problems).toEqual([]);
  expect(withPrompt.samples.map(({ target }) => target)).toEqual([['cat'], ['dog']]);
});

test('a folder that no format recognises needs a prompt for its media', async () => {
  const path = makeFolder({ 'a.png': pngBytes() });

  expect((await readAll({ path, displayPath: 'photos' })).problems).toEqual([
    'photos is a folder, not a manifest, and its media have no prompt · give --prompt "...", or set dataset.prompt in the configuration',
  ]);
});
