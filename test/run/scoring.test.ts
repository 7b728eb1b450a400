import { expect, test } from 'vitest';
import { createScoring } from '../../src/run/scoring.ts';
import type { Sample } from '../../src/types.ts';

const sample: Sample = {
  id: 's',
  index: 0,
  line: 1,
  messages: [],
  turns: [],
  target: ['red'],
  group: null,
  tags: [],
  metadata: {},
};
const say = (...answers: readonly string[]) => answers.map((answer) => ({ answer, target: ['red'] }));

test('the score of a cell is the mean of its scorers by their weights', async () => {
  const scoring = createScoring([{ name: 'exact' }, { name: 'includes', weight: 3 }]);

  const { score, scores } = await scoring.score(sample, say('a red one'));

  expect(scores.map(({ scorer, value }) => [scorer, value])).toEqual([
    ['exact', 0],
    ['includes', 1],
  ]);
  expect(score).toBe(0.75);
});

test('a scorer of weight 0 has a column and does not change the score', async () => {
  const scoring = createScoring([{ name: 'exact' }, { name: 'includes', weight: 0 }]);

  const { score, scores } = await scoring.score(sample, say('a red one'));

  expect([score, scores.length]).toEqual([0, 2]);
});

test('turns without a target are not scored, the others are averaged', async () => {
  const scoring = createScoring([{ name: 'exact' }]);

  const { score } = await scoring.score(sample, [...say('red', 'blue'), { answer: 'red', target: [] }]);

  expect(score).toBe(0.5);
});

test('a sample’s own scorers replace the configured ones, each with its own options', async () => {
  const scoring = createScoring([{ name: 'exact' }]);
  const loose = { ...sample, scorers: [{ name: 'includes', wholeWords: false }] };
  const strict = { ...sample, scorers: [{ name: 'includes' }] };
  const answers = say('a reddish one');

  const scores = await Promise.all([sample, loose, strict].map((one) => scoring.score(one, answers)));

  expect(scores.map(({ score }) => score)).toEqual([0, 1, 0]);
  expect(scoring.names(sample, [['red']])).toEqual(['exact']);
  expect(scoring.names(loose, [[], ['red']])).toEqual(['includes']);
});

test('a sample without a target is not scored', async () => {
  const scoring = createScoring([{ name: 'exact' }]);

  expect(scoring.names(sample, [[], []])).toEqual([]);
  expect(await scoring.score(sample, [{ answer: 'red', target: [] }])).toEqual({
    scores: [],
    score: null,
    turnScores: [null],
    unparsed: false,
  });
});

test('an answer is unparsed when no scorer can read it, and has a score when one can', async () => {
  const answers = [{ answer: 'none', target: ['8'] }];

  const alone = await createScoring([{ name: 'numeric' }]).score(sample, answers);
  const beside = await createScoring([{ name: 'numeric' }, { name: 'exact' }]).score(sample, answers);

  expect([alone.score, alone.unparsed]).toEqual([null, true]);
  expect([beside.score, beside.unparsed]).toEqual([0, false]);
});

test('a scorer has no value when it cannot read one of the turns', async () => {
  const turns = [
    { answer: '8', target: ['8'] },
    { answer: 'none', target: ['8'] },
  ];

  const { scores, score, unparsed } = await createScoring([{ name: 'numeric' }]).score(sample, turns);

  expect(scores).toMatchObject([{ value: null, raw: null }]);
  expect([score, unparsed]).toEqual([null, true]);
});

test('the raw value is the mean over the turns, and the counts are the sum', async () => {
  const turns = [
    { answer: 'a b', target: ['a b'] },
    { answer: 'a x c d', target: ['a b c d'] },
  ];

  const { scores } = await createScoring([{ name: 'wer' }]).score(sample, turns);

  expect(scores).toMatchObject([{ scorer: 'wer', value: 0.875, raw: 0.125, counts: { errors: 1, reference: 6 } }]);
});

test('scorers that need no target judge without one, and an assertion brings its own', async () => {
  const scoring = createScoring([{ name: 'exact' }, { name: 'refusal' }, { name: 'contains: red' }]);
  const answers = [{ answer: 'a red one', target: [] }];

  const { scores } = await scoring.score({ ...sample, target: [] }, answers);

  expect(scoring.names(sample, [[]])).toEqual(['refusal', 'contains']);
  expect(scores.map(({ scorer, value }) => [scorer, value])).toEqual([
    ['refusal', 0],
    ['contains', 1],
  ]);
});

test('what a scorer cannot do is no outcome of the model', async () => {
  const scoring = createScoring([{ name: 'rouge-l' }]);

  const { unparsed, score, scores } = await scoring.score(sample, [{ answer: '東京', target: ['東京'] }]);

  expect([unparsed, score]).toEqual([false, null]);
  expect(scores).toMatchObject([{ failed: true, explanation: expect.stringContaining('words: unicode') }]);
});

test('each turn has the weighted mean of its own scores, and none where no scorer has a value', async () => {
  const turns = [
    { answer: '8 m', target: ['8'] },
    { answer: 'none', target: ['8'] },
    { answer: '8', target: [] },
  ];
  const scoring = createScoring([{ name: 'numeric' }, { name: 'exact', weight: 3 }]);

  const { turnScores } = await scoring.score(sample, turns);

  expect(turnScores).toEqual([0.25, 0, null]);
});
