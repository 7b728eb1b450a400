import { expect, test } from 'vitest';
import { createNotes } from '../../src/dataset/notes.ts';

test('says each thing once, with its first place and how often it is there', () => {
  const notes = createNotes();
  notes.add({ file: 'a.csv', line: 2, message: 'assertion "cost" has no counterpart', hint: 'see --max-cost' });
  notes.add({ file: 'a.csv', line: 3, message: 'provider "echo" is not a model' });
  notes.add({ file: 'a.csv', line: 9, message: 'assertion "cost" has no counterpart', hint: 'see --max-cost' });

  expect(notes.sentences()).toEqual([
    'a.csv:2 assertion "cost" has no counterpart (2 times) · see --max-cost',
    'a.csv:3 provider "echo" is not a model',
  ]);
});

test('keeps a bounded number of different things', () => {
  const notes = createNotes();
  for (let index = 0; index < 1000; index += 1) notes.add({ message: `thing ${index}` });

  expect(notes.sentences()).toHaveLength(201);
  expect(notes.sentences().at(-1)).toBe('and 800 more');
});
