import { expect, test } from 'vitest';
import { createScorer } from '../../src/scorers/registry.ts';
import { createSpellingNotes } from '../../src/summary/spelling-notes.ts';
import type { ScorerConfig } from '../../src/types.ts';
import { answered } from '../helpers/results.ts';

/** The sentences after these pairs of answer and target were scored. */
async function sentencesFor(pairs: readonly (readonly [string, string])[], config: ScorerConfig = { name: 'wer' }) {
  const notes = createSpellingNotes();
  const scorer = createScorer(config);
  for (const [answer, target] of pairs) {
    const scores = [await scorer.score({ answer, target: [target], sample: { id: 'a', metadata: {} } })];
    const result = answered(null, { sample: { target: [target] }, scores });
    await notes.onResult(result.status === 'completed' ? { ...result, answer } : result);
  }
  return notes.sentences();
}

const SPELT: readonly (readonly [string, string])[] = [
  ['Hello, world!', 'hello world'],
  ['How are you?', 'how are you'],
  ["It's two.", "it's 2"],
];

test('names whisper-en when most errors are case and punctuation', async () => {
  expect(await sentencesFor(SPELT)).toEqual([
    'm: 6 of 6 word errors are case, punctuation or spelling · write {name: wer, normalizer: whisper-en}',
  ]);
});

test.each([
  [
    'most errors are other words',
    [...SPELT, ['one two three four five six seven', 'a b c d e f g']] as const,
    undefined,
  ],
  ['there are few errors', SPELT.slice(0, 1), undefined],
  ['there are none', [['hello', 'hello']] as const, undefined],
  ['the scorer levels them already', SPELT, { name: 'wer', normalizer: 'whisper-en' }],
  ['the scorer is another one', SPELT, { name: 'cer' }],
])('says nothing when %s', async (_, pairs, config) => {
  expect(await sentencesFor(pairs, config)).toEqual([]);
});
