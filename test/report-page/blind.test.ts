import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  firstUnjudged,
  gradeLabel,
  judgeable,
  labelLines,
  preferenceLabels,
  shuffle,
} from '../../src/report-page/blind.ts';
import type { PageCell, PageSample } from '../../src/reporters/html/page-data.ts';

const cell = (m: number, status: PageCell['status'] = 'completed'): PageCell => ({
  m,
  repeat: 0,
  status,
  outcome: status === 'completed' ? 'answered' : null,
  score: null,
  answer: `answer of ${m}`,
  attempts: 1,
});

const SAMPLE: PageSample = {
  id: 's',
  key: 'key-s',
  row: 0,
  prompt: '',
  target: [],
  media: [],
  tags: [],
  group: null,
  meta: {},
  cells: [cell(0), cell(1), cell(2, 'failed')],
};
const MODELS = ['one', 'two', 'three'];

test('shows each answer once and no failure, in any order', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (stream) => {
      const order = shuffle(SAMPLE, () => stream.next().value ?? 0);

      expect(order.map(({ m }) => m).sort()).toEqual([0, 1]);
    }),
  );
});

test('the order depends on chance alone', () => {
  expect(shuffle(SAMPLE, () => 0).map(({ m }) => m)).toEqual([1, 0]);
  expect(shuffle(SAMPLE, () => 0.99).map(({ m }) => m)).toEqual([0, 1]);
});

test('the best answer gets 1, the others 0, and a tie 0.5 each', () => {
  const order = shuffle(SAMPLE, () => 0);
  const values = (best: number | null) =>
    preferenceLabels(SAMPLE, order, best, MODELS).map(({ model, value }) => [model, value]);

  expect(values(0)).toEqual([
    ['two', 1],
    ['one', 0],
  ]);
  expect(values(null)).toEqual([
    ['two', 0.5],
    ['one', 0.5],
  ]);
});

test('grades run from 0 to 1, and a later grade replaces an earlier one', () => {
  const labels = [gradeLabel(SAMPLE, cell(0), 1, MODELS), gradeLabel(SAMPLE, cell(0), 5, MODELS)];

  expect(labelLines(labels)).toBe(
    `${JSON.stringify({ sample_id: 's', sample_key: 'key-s', model: 'one', repeat: 0, kind: 'grade', value: 1 })}\n`,
  );
  expect(labels[0]?.value).toBe(0);
});

test('a preference needs two answers, a grade one', () => {
  expect(judgeable(SAMPLE, 'preference')).toBe(true);
  expect(judgeable({ ...SAMPLE, cells: [cell(0)] }, 'preference')).toBe(false);
  expect(judgeable({ ...SAMPLE, cells: [cell(0)] }, 'grade')).toBe(true);
  expect(judgeable({ ...SAMPLE, cells: [cell(2, 'failed')] }, 'grade')).toBe(false);
});

test('goes on at the first sample with an answer that has no label', () => {
  const [first, second] = [SAMPLE, { ...SAMPLE, id: 't', key: 'key-t' }];
  const [one, two] = first.cells;
  if (one === undefined || two === undefined) throw new Error('the sample has two answers');
  const half = [gradeLabel(first, one, 5, MODELS), gradeLabel(first, one, 4, MODELS)];
  const whole = [...half, gradeLabel(first, two, 1, MODELS)];

  expect(firstUnjudged([first, second], half)).toBe(0);
  expect(firstUnjudged([first, second], whole)).toBe(1);
  expect(firstUnjudged([first], whole)).toBe(1);
});
