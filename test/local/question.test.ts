import { expect, test } from 'vitest';
import { parseQuestion } from '../../src/local/question.ts';

const lookup = (label: string, cell: { column: string; row: string } | null = null) => ({
  type: 'lookup',
  label,
  cell,
});
const extreme = (which: string, of: string) => ({ type: 'extreme', which, of });

test.each([
  ['Transcribe the text in the image.', { type: 'transcribe' }],
  ['Please transcribe this audio clip', { type: 'transcribe' }],
  ['Transcribe the audio.', { type: 'transcribe' }],
  ['Read all the text.', { type: 'transcribe' }],
  ['Transcribe.', { type: 'transcribe' }],
  ['Please transcribe this, word for word.', { type: 'transcribe' }],
  ['Read it.', { type: 'transcribe' }],
  ['Transcribe everything on the page', { type: 'transcribe' }],
  ['Write down what you hear.', { type: 'transcribe' }],
  ['What does it say?', { type: 'transcribe' }],
  ['What did she say?', { type: 'transcribe' }],
  ['What text is in the image?', { type: 'transcribe' }],
  ['What does the sign say?', { type: 'transcribe' }],
  ['What is written on the label?', { type: 'transcribe' }],
  ['What text is shown in this image?', { type: 'transcribe' }],
  ['What do you hear?', { type: 'transcribe' }],
  ['What was said?\nAnswer with the text only.', { type: 'transcribe' }],
  ['What is the title of the chart?', { type: 'title' }],
  ['What is the largest value shown?', extreme('largest', 'number')],
  ['Find the lowest number in the table.', extreme('smallest', 'number')],
  ['Which month has the highest value?', extreme('largest', 'label')],
  ['Which city has the smallest bar in the chart?', extreme('smallest', 'label')],
  ['What is the total?', lookup('total')],
  ['What is the total on the receipt? Reply with just the number.', lookup('total')],
  ['What’s the due date, please?', lookup('due date')],
  ['How much is the soup?', lookup('soup')],
  ['What is the price of the soup?', lookup('price of the soup', { column: 'price', row: 'soup' })],
  ['What is the humidity in Oslo?', lookup('humidity in oslo', { column: 'humidity', row: 'oslo' })],
])('%j is understood as %j', (prompt, question) => {
  expect(parseQuestion(prompt)).toEqual(question);
});

test.each([
  '',
  'Describe the image.',
  'Transcribe the text and translate it into French.',
  'Transcribe the text. Then summarise it.',
  'Why is the total so high?',
  'How many people are in the picture?',
  'Please translate this audio snippet to spanish.',
  'Which conclusion can be extracted from the following chart?',
  'What is the meaning of life according to the author of this page and others?',
  'What is the total? What is the tax?',
  'Write a poem in three words.',
  'Answer with the number only.',
  'Transcribe this into French.',
  'What text is missing?',
  'What is 2+2?',
  'What is the?',
])('%j is none of the questions it answers', (prompt) => {
  expect(parseQuestion(prompt)).toBeNull();
});
