import { expect, test } from 'vitest';
import { columnOf } from '../../src/dataset/columns.ts';

test.each([
  ['prompt', { type: 'column', name: 'prompt', number: undefined }],
  ['expected', { type: 'column', name: 'target', number: undefined }],
  ['images', { type: 'column', name: 'image', number: undefined }],
  ['expected_2', { type: 'column', name: 'target', number: 2 }],
  ['image_12', { type: 'column', name: 'image', number: 12 }],
  ['prompt_2', { type: 'misspelt', nearest: 'prompt' }],
  ['meta.lang', { type: 'metadata', key: 'lang' }],
  ['meta.', { type: 'reserved' }],
  ['meta.__proto__', { type: 'reserved' }],
  ['__proto__', { type: 'reserved' }],
  ['prototype', { type: 'reserved' }],
  ['hasOwnProperty', { type: 'reserved' }],
  ['colour', { type: 'metadata', key: 'colour' }],
  ['question', { type: 'metadata', key: 'question' }],
  ['idx', { type: 'metadata', key: 'idx' }],
  ['ID', { type: 'misspelt', nearest: 'id' }],
  ['Prompt', { type: 'misspelt', nearest: 'prompt' }],
  ['pormpt', { type: 'misspelt', nearest: 'prompt' }],
  ['tag', { type: 'misspelt', nearest: 'tags' }],
  ['sytem', { type: 'misspelt', nearest: 'system' }],
  ['__expected', { type: 'misspelt', nearest: 'expected' }],
  ['image_path', { type: 'misspelt', nearest: 'image' }],
  ['img', { type: 'misspelt', nearest: 'image' }],
  ['img_path', { type: 'misspelt', nearest: 'image' }],
  ['AudioURL', { type: 'misspelt', nearest: 'audio' }],
  ['imageless', { type: 'misspelt', nearest: 'images' }],
])('finds the most likely column for %s', (name, column) => {
  expect(columnOf(name)).toEqual(column);
});
