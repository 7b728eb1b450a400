import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { backoffMs, duration, isRetriedOnResume, isTransient, stopped, stopReason } from '../../src/limits/retry.ts';
import { FAILURE_KINDS } from '../../src/result.ts';
import { NO_USAGE } from '../../src/types.ts';

const HOUR_MS = 3_600_000;

test('retries only kinds that pass by themselves', () => {
  const transient = FAILURE_KINDS.filter((kind) => isTransient(new ProviderError(kind, '')));
  expect(transient).toEqual(['timeout', 'network', 'rate_limit', 'server']);
});

test('what the provider reports wins over the kind', () => {
  expect(isTransient(new ProviderError('server', '', { retryable: false }))).toBe(false);
  expect(isTransient(new ProviderError('invalid_response', '', { retryable: true }))).toBe(true);
});

test('waits as long as the endpoint asks for', () => {
  expect(backoffMs(3, 1234, () => 0.5)).toBe(1234);
});

test('otherwise waits between nothing and a ceiling that doubles up to 30 s', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const ceiling = Math.min(30_000, 500 * 2 ** (attempt - 1));
      expect(backoffMs(attempt, undefined, () => random)).toBeCloseTo(random * ceiling);
    }),
  );
});

test.each([
  ['no access', new ProviderError('auth', 'key unknown', { status: 401 })],
  ['no credit', new ProviderError('rate_limit', 'insufficient_quota', { retryable: false })],
])('%s stops the model', (_, error) => {
  const reason = stopReason(error, HOUR_MS);
  expect(reason?.kind).toBe(error.kind);
  expect(reason?.message).toContain(error.message);
});

const gone = (status: number, message: string, code?: string) =>
  new ProviderError('bad_request', message, { status, ...(code === undefined ? {} : { code }) });

test.each([
  [gone(404, 'The API deployment for this resource does not exist.', 'DeploymentNotFound')],
  [gone(404, 'The model `gpt-9` does not exist or you do not have access to it.', 'model_not_found')],
  [gone(404, 'model: claude-9', 'not_found_error')],
  [gone(404, 'models/gemini-9 is not found for API version v1beta', 'NOT_FOUND')],
  [gone(404, 'model "llama9" not found, try pulling it first', 'api_error')],
  [gone(404, 'No endpoints found for stepfun/step-9:free.')],
  [gone(400, 'Unknown model: phi-9', 'unknown_model')],
  [gone(400, 'Invalid model: mistral-9', 'invalid_model')],
  [gone(410, 'Gone')],
])('a model that the endpoint does not have stops at once: %s', (error) => {
  const reason = stopReason(error, HOUR_MS);
  expect(reason?.message).toBe(`the model was stopped: the endpoint does not have it (${error.message})`);
  expect(reason?.details).toMatchObject({ status: error.details.status, retryable: false });
  expect(reason?.details.hint).toContain('--resume');
});

test.each([
  [gone(404, 'Resource not found', '404')],
  [gone(404, 'No endpoints found that support tool use.')],
  [gone(404, 'the image that the model should see was not found')],
  [gone(400, 'Unsupported parameter: temperature is not supported with this model.', 'unsupported_parameter')],
  [new ProviderError('unsupported', 'this model takes no images', { status: 404 })],
])('what may concern only this request does not: %s', (error) => {
  expect(stopReason(error, HOUR_MS)).toBeNull();
});

test('a wait longer than the deadline stops the model with a message that names both times and a remedy', () => {
  const error = new ProviderError('rate_limit', 'tier exhausted', {
    retryAfterMs: 24 * HOUR_MS,
    hint: 'ask for a higher tier',
  });
  const reason = stopReason(error, 600_000);
  expect(reason?.message).toBe('the model was stopped: the endpoint asks to wait 24 h (tier exhausted)');
  expect(reason?.details.hint).toBe(
    'longer than the deadline of 10 min: resume the run later, or raise limits.deadlineMs',
  );
});

test.each([
  ['a rate limit', new ProviderError('rate_limit', '')],
  ['a wait within the deadline', new ProviderError('rate_limit', '', { retryAfterMs: 600_000 })],
  ['a long wait of a broken server', new ProviderError('server', '', { retryAfterMs: 24 * HOUR_MS })],
  ['a bad request', new ProviderError('bad_request', '')],
])('%s does not stop the model', (_, error) => {
  expect(stopReason(error, 600_000)).toBeNull();
});

test('the error of requests that are held back leaves out the usage of the attempt that stopped the model', () => {
  const usage = { ...NO_USAGE, promptTokens: 5, completionTokens: 0, totalTokens: 5 };
  const cause = new ProviderError('server', 'broken', {
    status: 500,
    code: 'oops',
    usage,
    partial: 'a',
    requestId: 'r',
  });
  expect(stopped(cause).details).toEqual({ status: 500, code: 'oops', retryable: false, cause });
});

test('a resumed run asks again after what may pass or was fixed, never after what the model did', () => {
  expect(FAILURE_KINDS.filter((kind) => !isRetriedOnResume(kind))).toEqual([
    'bad_request',
    'unsupported',
    'content_filter',
    'decided',
  ]);
});

test.each([
  [86_400_000, '24 h'],
  [5_400_000, '1.5 h'],
  [90_000, '1.5 min'],
  [1000, '1 s'],
  [250, '250 ms'],
])('%i ms reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
