import { expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { COOL_DOWNS_MS, createBreaker, FAILURES_TO_OPEN } from '../../src/limits/breaker.ts';
import type { FailureKind } from '../../src/result.ts';

const failure = (kind: FailureKind, message = 'broken') => new ProviderError(kind, message);

function failing(times: number, error: (index: number) => ProviderError) {
  const breaker = createBreaker();
  for (let index = 0; index < times; index += 1) breaker.onFailure(error(index), false, 0);
  return breaker;
}

test.each(['server', 'timeout', 'network'] as const)('opens after eight failures in a row of kind %s', (kind) => {
  expect(failing(FAILURES_TO_OPEN - 1, () => failure(kind)).waitMs(0)).toBe(0);
  const breaker = failing(FAILURES_TO_OPEN, () => failure(kind));
  expect(breaker.state()).toBe('open');
  expect(breaker.waitMs(1000)).toBe(4000);
});

test('server failures are similar when only ids and numbers differ', () => {
  const ids = ['3fa85f64-5717-4562-b3fc-2c963f66afa6', 'req_9', 'a1'];
  const alike = failing(FAILURES_TO_OPEN, (index) => failure('server', `no replica, request ${ids[index % 3]}`));
  const different = failing(FAILURES_TO_OPEN, (index) => failure('server', index % 2 === 0 ? 'no replica' : 'no disk'));
  expect([alike.state(), different.state()]).toEqual(['open', 'closed']);
});

test('an answer, or any other sign that the endpoint works, resets the count', () => {
  for (const alive of [undefined, failure('bad_request'), failure('rate_limit'), failure('content_filter')]) {
    const breaker = failing(FAILURES_TO_OPEN - 1, () => failure('timeout'));
    if (alive === undefined) breaker.onAlive();
    else breaker.onFailure(alive, false, 0);
    breaker.onFailure(failure('timeout'), false, 0);
    expect(breaker.state()).toBe('closed');
  }
});

test('failures on our side neither count nor reset the count', () => {
  const breaker = failing(FAILURES_TO_OPEN - 1, () => failure('timeout'));
  for (const kind of ['aborted', 'media', 'budget'] as const) breaker.onFailure(failure(kind), false, 0);
  expect(breaker.state()).toBe('closed');
  breaker.onFailure(failure('timeout'), false, 0);
  expect(breaker.state()).toBe('open');
});

test('admits one probe at a time, after growing cool-downs, and gives up after the last one', () => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('network'));
  let now = 0;
  for (const coolDown of COOL_DOWNS_MS) {
    expect(breaker.waitMs(now)).toBe(coolDown);
    expect(breaker.onSent(now)).toBe(false);
    now += coolDown;
    expect(breaker.waitMs(now)).toBe(0);
    expect(breaker.onSent(now)).toBe(true);
    expect(breaker.waitMs(now)).toBe(Number.POSITIVE_INFINITY);
    breaker.onFailure(failure('network'), true, now);
  }
  expect(breaker.state()).toBe('spent');
  expect(breaker.waitMs(now)).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  ['an answer', undefined],
  ['a throttled reply', failure('rate_limit')],
])('%s to the probe closes it', (_, error) => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('server'));
  const probe = breaker.onSent(COOL_DOWNS_MS[0]);
  if (error === undefined) breaker.onAlive();
  else breaker.onFailure(error, probe, COOL_DOWNS_MS[0]);
  expect([breaker.state(), breaker.waitMs(COOL_DOWNS_MS[0])]).toEqual(['closed', 0]);
});

test('ignores failures of requests sent before it opened, and closes when one of them succeeds', () => {
  const breaker = failing(FAILURES_TO_OPEN + 50, () => failure('timeout'));
  expect(breaker.waitMs(0)).toBe(COOL_DOWNS_MS[0]);
  breaker.onAlive();
  expect(breaker.state()).toBe('closed');
});

test('a probe that was not sent leaves its turn to another request', () => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('server'));
  const probe = breaker.onSent(COOL_DOWNS_MS[0]);
  breaker.onSilence(probe);
  expect(breaker.waitMs(COOL_DOWNS_MS[0])).toBe(0);
  expect(breaker.onSent(COOL_DOWNS_MS[0])).toBe(true);
});

test('the failure of a request sent before it opened does not end the probe', () => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('timeout'));
  const [first, second] = COOL_DOWNS_MS;
  expect(breaker.onSent(first)).toBe(true);

  breaker.onFailure(failure('timeout'), false, first);

  expect(breaker.state()).toBe('probing');
  breaker.onFailure(failure('timeout'), true, first);
  expect(breaker.waitMs(first)).toBe(second);
});

test('repeats a probe that showed nothing, and keeps the count of failed probes', () => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('timeout'));
  let now = 0;
  for (const coolDown of COOL_DOWNS_MS) {
    now += coolDown;
    expect(breaker.onSent(now)).toBe(true);
    breaker.onSilence(true);
    expect(breaker.waitMs(now)).toBe(0);
    expect(breaker.onSent(now)).toBe(true);
    breaker.onFailure(failure('timeout'), true, now);
  }
  expect(breaker.state()).toBe('spent');
});

test('a request sent before it opened that showed nothing does not admit a second probe', () => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('timeout'));
  breaker.onSent(COOL_DOWNS_MS[0]);

  breaker.onSilence(false);

  expect([breaker.state(), breaker.waitMs(COOL_DOWNS_MS[0])]).toEqual(['probing', Number.POSITIVE_INFINITY]);
});

test('a model that was given up stays so when an earlier request is answered', () => {
  const breaker = failing(FAILURES_TO_OPEN, () => failure('timeout'));
  let now = 0;
  for (const coolDown of COOL_DOWNS_MS) {
    now += coolDown;
    breaker.onFailure(failure('timeout'), breaker.onSent(now), now);
  }

  breaker.onAlive();

  expect(breaker.state()).toBe('spent');
});
