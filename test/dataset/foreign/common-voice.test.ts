import { expect, test } from 'vitest';
import { wavBytes } from '../../helpers/media.ts';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

test('reads clips with their sentences, speakers and metadata; quotes are characters', async () => {
  const { samples } = await readAll(openFixture('common-voice.tsv'));

  expect(samples.map(({ id, target, group, metadata }) => [id, target, group, metadata['gender']])).toEqual([
    ['common_voice_en_1', ['The "boat" left the bay.'], 'speaker 0a1b', 'female_feminine'],
    ['common_voice_en_2', ['Seven lamps are green.'], 'speaker 2c3d', undefined],
  ]);
  expect(samples[0]?.messages[0]?.content).toMatchObject([
    { text: 'Transcribe the recording.' },
    { type: 'audio', media: { uri: 'clips/common_voice_en_1.mp3' } },
  ]);
});

test('the prompt of the configuration takes the place of the usual one', async () => {
  const { samples } = await readAll(openFixture('common-voice.tsv', { prompt: 'Write down what is said.' }));

  expect(samples[0]?.messages[0]?.content[0]).toMatchObject({ text: 'Write down what is said.' });
});

test.each([
  ['a\t\tHello', 'has no "path"'],
  ['a\tx.mp3\t', 'has no "sentence" for "x.mp3"'],
  ['a\ty\tHello', 'audio "clips/y.mp3" does not exist'],
  ['a\tx.mp3', 'the row has 2 cells, the header 3'],
  ['a\t../x.mp3\tHello', 'is outside'],
])('names what is wrong with the row %j', async (row, message) => {
  const files = { 'm.tsv': `client_id\tpath\tsentence\n${row}\n`, 'clips/x.mp3': wavBytes() };

  const { problems } = await readFolder(files, 'm.tsv');

  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('m.tsv:2 ');
  expect(problems[0]).toContain(message);
});
