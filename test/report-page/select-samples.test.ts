import { expect, test } from 'vitest';
import { createSelector, slicesOf } from '../../src/report-page/select-samples.ts';
import type { PageCell, PageSample } from '../../src/reporters/html/page-data.ts';

const cell = (m: number, score: number | null, more: Partial<PageCell> = {}): PageCell => ({
  m,
  repeat: 0,
  status: 'completed',
  outcome: 'answered',
  score,
  answer: `answer ${m}`,
  attempts: 1,
  ...more,
});

const sample = (id: string, row: number, cells: readonly PageCell[], more: Partial<PageSample> = {}): PageSample => ({
  id,
  key: id,
  row,
  prompt: `prompt of ${id}`,
  target: [],
  media: [],
  tags: [],
  group: null,
  meta: {},
  cells,
  ...more,
});

const failed = { status: 'failed', outcome: null, failure: { kind: 'timeout', text: 'too slow' } } as const;

const SAMPLES = [
  sample('both-right', 0, [cell(0, 1, { ms: 10 }), cell(1, 1, { ms: 20 })], { tags: ['x'], meta: { lang: 'de' } }),
  sample('fixed', 1, [cell(0, 0), cell(1, 1, { ms: 90 })], { meta: { lang: 'de' } }),
  sample('regressed', 2, [cell(0, 0.9), cell(1, 0.2)], { media: [{ name: 'a.png', kind: 'image' }] }),
  sample('both-wrong', 3, [cell(0, 0), cell(1, null, { outcome: 'refused' })]),
  sample('failed', 4, [cell(0, null, failed), cell(1, 1, { usd: 0.1, answer: 'Übermäßig' })], { tags: ['x'] }),
];

const select = createSelector(SAMPLES, 2);
const ids = (state: Partial<Parameters<typeof select>[0]>, base = 0) =>
  select({ query: '', shown: 'all', slice: '', sort: 'manifest', ...state }, base).map(({ id }) => id);

test.each([
  ['all', ['both-right', 'fixed', 'regressed', 'both-wrong', 'failed']],
  ['disagree', ['fixed', 'regressed']],
  ['regressed', ['regressed']],
  ['fixed', ['fixed']],
  ['wrong', ['regressed', 'both-wrong']],
  ['failed', ['failed']],
  ['outcome', ['both-wrong']],
] as const)('the filter %s lists its samples', (shown, expected) => {
  expect(ids({ shown })).toEqual(expected);
});

test('what is worse than one base is better than the other', () => {
  expect(ids({ shown: 'regressed' }, 1)).toEqual(['fixed']);
});

test('finds prompts, answers and reasons in any case', () => {
  expect(ids({ query: 'ÜBERMÄSSIG'.replace('SS', 'ß') })).toEqual(['failed']);
  expect(ids({ query: 'too slow' })).toEqual(['failed']);
  expect(ids({ query: ' prompt of FIX ' })).toEqual(['fixed']);
});

test('lists a slice', () => {
  expect(ids({ slice: 'meta.lang=de' })).toEqual(['both-right', 'fixed']);
  expect(ids({ slice: 'modality=image' })).toEqual(['regressed']);
  expect(slicesOf(SAMPLES)).toEqual(['meta.lang=de', 'modality=text', 'tag=x']);
});

test.each([
  ['id', 'both-right'],
  ['worst', 'both-wrong'],
  ['spread', 'fixed'],
  ['slowest', 'fixed'],
  ['dearest', 'failed'],
] as const)('the order %s begins with its sample', (sort, first) => {
  expect(ids({ sort })[0]).toBe(first);
});
