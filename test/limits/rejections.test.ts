import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { createRejections, REJECTIONS_TO_DOUBT, type Rejections } from '../../src/limits/rejections.ts';

const rejection = (message = '`temperature` is deprecated', status = 400) =>
  new ProviderError('bad_request', message, { status });

function rejected(times: number, error: (index: number) => ProviderError = () => rejection()): Rejections {
  const rejections = createRejections();
  for (let index = 0; index < times; index += 1) rejections.onFailure(error(index), false);
  return rejections;
}

test.each([400, 404, 413, 422])('doubts a model after eight rejections with the status %i', (status) => {
  expect(rejected(REJECTIONS_TO_DOUBT - 1, () => rejection('no', status)).inDoubt()).toBe(false);
  expect(rejected(REJECTIONS_TO_DOUBT, () => rejection('no', status)).inDoubt()).toBe(true);
});

test('content that the endpoint does not support is a rejection, too', () => {
  const unsupported = new ProviderError('unsupported', 'no images', { status: 400 });
  expect(rejected(REJECTIONS_TO_DOUBT, () => unsupported).inDoubt()).toBe(true);
});

test.each([
  ['filtered prompts', new ProviderError('content_filter', 'no', { status: 400 })],
  ['server failures', new ProviderError('server', 'no', { status: 500 })],
  ['throttled requests', new ProviderError('rate_limit', 'no', { status: 429 })],
  [
    'rejections that the endpoint wants to be retried',
    new ProviderError('bad_request', 'no', { status: 400, retryable: true }),
  ],
  ['failures without a reply', new ProviderError('unsupported', 'no')],
])('%s neither count nor reset the count', (_, error) => {
  expect(rejected(3 * REJECTIONS_TO_DOUBT, () => error).inDoubt()).toBe(false);
  const mixed = rejected(2 * REJECTIONS_TO_DOUBT, (index) => (index % 2 === 0 ? rejection() : error));
  expect(mixed.inDoubt()).toBe(true);
});

test('rejections for different reasons or with different statuses are counted apart', () => {
  const words = ['one', 'two', 'three'];
  const all = [...words.map((word) => rejection(word)), ...words.map((word) => rejection(word, 422))];
  expect(rejected(7 * all.length, (index) => all[index % all.length] ?? rejection()).inDoubt()).toBe(false);
  expect(rejected(8 * all.length, (index) => all[index % all.length] ?? rejection()).inDoubt()).toBe(true);
});

test.each([
  ['an answer', (rejections: Rejections) => rejections.onAnswer()],
  [
    'a filtered answer',
    (rejections: Rejections) => rejections.onFailure(new ProviderError('content_filter', 'no', { status: 200 }), false),
  ],
])('%s ends the doubt for good', (_, answer) => {
  const rejections = rejected(REJECTIONS_TO_DOUBT);
  answer(rejections);
  for (let index = 0; index < 100; index += 1) rejections.onFailure(rejection(), false);
  expect([rejections.hasAnswered(), rejections.inDoubt()]).toEqual([true, false]);
});

test('only the trial decides: a rejection that was in flight when the doubt began does not', () => {
  const rejections = rejected(REJECTIONS_TO_DOUBT);
  expect(rejections.onFailure(rejection(), false)).toBe(false);
  expect(rejections.onFailure(rejection(), true)).toBe(true);
});

test('a trial that is rejected for any reason known before decides against the model', () => {
  const rejections = rejected(REJECTIONS_TO_DOUBT, (index) => rejection(index === 0 ? 'no sound' : 'no pictures'));
  rejections.onFailure(rejection('no pictures'), false);
  expect(rejections.onFailure(rejection('no sound'), true)).toBe(true);
});

test('a trial that is rejected for a new reason ends the doubt, and eight more rejections begin another', () => {
  const rejections = rejected(REJECTIONS_TO_DOUBT);
  expect(rejections.onFailure(rejection('a new one'), true)).toBe(false);
  expect(rejections.inDoubt()).toBe(false);
  for (let index = 0; index < REJECTIONS_TO_DOUBT; index += 1) rejections.onFailure(rejection(), false);
  expect(rejections.inDoubt()).toBe(true);
});

test('a trial that shows nothing leaves the model in doubt', () => {
  const rejections = rejected(REJECTIONS_TO_DOUBT);
  expect(rejections.onFailure(new ProviderError('timeout', 'slow'), true)).toBe(false);
  expect(rejections.inDoubt()).toBe(true);
});

test('counts a limited number of reasons', () => {
  const letters = 'abcdefghijklmnopqrst';
  const rejections = rejected(letters.length, (index) => rejection(`reason ${letters[index]}`));
  for (let index = 0; index < REJECTIONS_TO_DOUBT; index += 1) rejections.onFailure(rejection('reason t'), false);
  expect(rejections.inDoubt()).toBe(false);
  for (let index = 0; index < REJECTIONS_TO_DOUBT; index += 1) rejections.onFailure(rejection('reason a'), false);
  expect(rejections.inDoubt()).toBe(true);
});
