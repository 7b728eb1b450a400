import { expect, test } from 'vitest';
import { pngBytes } from '../../helpers/media.ts';
import { readAll, readFolder } from '../folder.ts';
import { openFixture } from './fixtures.ts';

const image = (seed: number) => pngBytes({ seed }).toString('base64');

test('reads questions, hints and options with the images of the row', async () => {
  const { samples } = await readAll(openFixture('vlmevalkit.tsv'));

  expect(samples.map(({ id, target, metadata }) => [id, target, metadata['category']])).toEqual([
    ['1', ['B'], 'charts'],
    ['1000001', ['A'], 'charts'],
    ['2', ['STOP'], 'signs'],
    ['3', ['A'], 'photos'],
  ]);
  expect(samples[0]?.messages[0]?.content).toMatchObject([
    { type: 'image', media: { type: 'data', mediaType: 'image/png' } },
    {
      type: 'text',
      text: [
        'Hint: Read the legend.',
        'Question: Which bar is longest?',
        'Options:',
        'A. red',
        'B. blue',
        'C. green',
        'Please select the correct answer from the options above.',
      ].join('\n'),
    },
  ]);
  expect(samples[0]?.metadata['choices']).toBe('["red","blue","green"]');
  expect(samples[2]?.messages[0]?.content[1]).toEqual({ type: 'text', text: 'What does the sign say?' });
});

test('gives a row that names the index of another its image', async () => {
  const { samples } = await readAll(openFixture('vlmevalkit.tsv'));

  const [own, shared] = samples.map(({ messages }) => messages[0]?.content[0]);
  expect(shared).toEqual(own);
});

test('puts images where the text names them', async () => {
  const { samples } = await readAll(openFixture('vlmevalkit.tsv'));

  const types = samples[3]?.messages[0]?.content.map(({ type }) => type);
  expect(types).toEqual(['text', 'image', 'text', 'image', 'text']);
});

test('reads paths, and keeps the path beside an image as metadata', async () => {
  const table = `index\timage_path\tquestion\n1\tchart.png\tWhat?\n2\t['chart.png', "chart.png"]\tWhat?\n`;
  const both = `index\timage\timage_path\tquestion\n1\t${image(1)}\ta.jpg\tWhat?\n`;

  const paths = await readFolder({ 'm.tsv': table, 'chart.png': pngBytes() }, 'm.tsv');
  const beside = await readFolder({ 'm.tsv': both }, 'm.tsv');

  expect([paths.problems, beside.problems]).toEqual([[], []]);
  expect(paths.samples.map(({ messages }) => messages[0]?.content.length)).toEqual([2, 3]);
  expect(beside.samples[0]?.metadata).toEqual({ image_path: 'a.jpg' });
});

test.each([
  ['7\t9\tWhat?', 'image "9" is in no row above'],
  [`7\t${image(1)}\tCompare <image 2>.`, 'the text names image 2, but the row has 1'],
  [`7\t['${image(1)}', oops]\tWhat?`, 'its list of images is not a list of texts'],
  [`7\t${image(1)}\t`, 'has no "question"'],
  [`7\t${image(1)}`, 'the row has 2 cells, the header 3'],
  [`7\t${'A'.repeat(80)}\tWhat?`, 'has an unknown type by its first bytes'],
])('names what is wrong with the row %j', async (row, message) => {
  const { samples, problems } = await readFolder({ 'm.tsv': `index\timage\tquestion\n${row}\n` }, 'm.tsv');

  expect(samples).toEqual([]);
  expect(problems[0]).toContain('m.tsv:2 ');
  expect(problems[0]).toContain(message);
});
