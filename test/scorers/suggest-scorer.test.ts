import { expect, test } from 'vitest';
import { suggestScorer } from '../../src/scorers/suggest-scorer.ts';

test.each([
  ['letters of options', ['A', '(b)'.toUpperCase(), 'C'], 'choice'],
  ['yes and no', ['yes', 'No', 'yes'], 'yes-no'],
  ['numbers', ['42', '-1,234.56', '12 %', '+3'], 'numeric'],
  ['objects', ['{"a": 1}', ' {"b": [2]} '], 'json'],
  ['names', ['Paris', 'New York', 'the Eiffel Tower'], 'exact'],
  ['mostly names', ['Paris', 'New York', 'a whole sentence about a town'], 'exact'],
  ['dates', ['2024-01-31'], 'exact'],
  ['sentences', ['The cat sat on the mat.', 'It was a dark and stormy night.'], 'f1'],
  ['nothing', [''], 'exact'],
])('suggests for %s', (_, targets, scorer) => {
  expect(suggestScorer(targets, false)).toBe(scorer);
});

test('takes sentences about clips for transcripts', () => {
  expect(suggestScorer(['the cat sat on the mat'], true)).toBe('{name: wer, normalizer: whisper-en}');
});
