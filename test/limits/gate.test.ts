import { getEventListeners, setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProviderError, type ProviderErrorDetails } from '../../src/errors.ts';
import { createGate, type Gate, type LimitChange, type Permit } from '../../src/limits/gate.ts';
import { createQuota, type Quota } from '../../src/limits/quota.ts';
import { createRequestSlots, type RequestSlots } from '../../src/limits/slots.ts';
import type { RateLimit } from '../../src/rate-limit.ts';
import type { FailureKind } from '../../src/result.ts';
import { seededRandom } from '../../src/run/random.ts';
import { type Completion, type Limits, NO_USAGE } from '../../src/types.ts';
import { createVirtualClock, type VirtualClock } from '../helpers/virtual-clock.ts';

function answer(totalTokens?: number, rateLimit?: RateLimit): Completion {
  return {
    text: 'yes',
    finishReason: 'stop',
    refused: false,
    usage: totalTokens === undefined ? null : { ...NO_USAGE, totalTokens },
    servedModel: null,
    requestId: null,
    ...(rateLimit === undefined ? {} : { rateLimit }),
  };
}

const failure = (kind: FailureKind, details: ProviderErrorDetails = {}) =>
  new ProviderError(kind, `a ${kind}`, details);
const throttle = (retryAfterMs?: number) =>
  failure('rate_limit', { status: 429, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

interface Setup {
  readonly clock: VirtualClock;
  readonly quota: Quota;
  readonly gate: Gate;
  readonly changes: LimitChange[];
  readonly stop: AbortController;
  /** A gate of another model on the same quota. */
  readonly another: () => Gate;
}

function setup(limits: Partial<Limits> = {}, requestSlots: RequestSlots = createRequestSlots(1000)): Setup {
  const clock = createVirtualClock();
  const all: Limits = { concurrency: 1000, timeoutMs: 60_000, retries: 5, ...limits };
  const quota = createQuota({
    requestsPerMinute: all.requestsPerMinute,
    tokensPerMinute: all.tokensPerMinute,
    maxPauseMs: all.deadlineMs ?? 600_000,
    clock,
    random: () => 0,
  });
  const another = () => createGate({ limits: all, quota, clock, requestSlots });
  const gate = another();
  const changes: LimitChange[] = [];
  gate.watch((change) => changes.push(change));
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  return { clock, quota, gate, changes, stop, another };
}

interface Admission {
  readonly permit: Promise<Permit>;
  /** When it was admitted; null = it still waits or was rejected. */
  at: number | null;
}

function enter({ clock, gate, stop }: Setup, tokens = 0, retry = false, through: Gate = gate): Admission {
  const permit = through.admit({ tokens, retry, signal: stop.signal });
  const admission: Admission = { permit, at: null };
  permit.then(
    () => {
      admission.at = clock.now();
    },
    () => {},
  );
  return admission;
}

async function fail(flow: Setup, error: ProviderError) {
  const { permit } = enter(flow);
  (await permit).onFailure(error);
}

test('admits requests at once when nothing limits them, and leaves no timer', async () => {
  const flow = setup();
  const admissions = Array.from({ length: 100 }, () => enter(flow));
  await flow.clock.advance(0);
  expect(admissions.map(({ at }) => at)).toEqual(admissions.map(() => 0));
  expect(flow.clock.sleeping()).toBe(0);
});

test('counts the requests that are in flight and those that wait for a limit', async () => {
  const flow = setup({ requestsPerMinute: 60, concurrency: 2 });
  const admissions = Array.from({ length: 4 }, () => enter(flow));
  await flow.clock.advance(1500);
  const before = flow.gate.load();
  const [first] = admissions;
  (await first?.permit)?.onSuccess(answer());

  expect([before, flow.gate.load()]).toEqual([
    { inFlight: 2, waiting: 2 },
    { inFlight: 1, waiting: 2 },
  ]);
});

test('spreads a configured rate evenly over the minute, first come, first served', async () => {
  const flow = setup({ requestsPerMinute: 600 });
  const admissions = Array.from({ length: 20 }, () => enter(flow));
  await flow.clock.drain();
  expect(admissions.map(({ at }) => at)).toEqual(admissions.map((_, index) => index * 100));
});

test('reserves tokens, and settles them by the reported usage', async () => {
  const flow = setup({ tokensPerMinute: 60_000 });
  const first = await enter(flow, 1000).permit;
  const second = enter(flow, 1000);
  await flow.clock.advance(100);
  first.onSuccess(answer(100));
  await flow.clock.drain();
  expect(second.at).toBeLessThan(200);

  const third = enter(flow, 1000);
  await flow.clock.drain();
  expect(third.at).toBeGreaterThan(1000);
});

test('an answer without usage keeps its reservation, and one that used more is charged more', async () => {
  const [kept, more] = await Promise.all(
    [undefined, 1500].map(async (used) => {
      const flow = setup({ tokensPerMinute: 60_000 });
      const permit = await enter(flow, 1000).permit;
      permit.onSuccess(answer(used));
      const next = enter(flow, 1000);
      await flow.clock.drain();
      return next.at ?? 0;
    }),
  );
  expect(kept).toBe(1000);
  expect(more).toBe(1500);
});

test('a request that was not sent gives back its reservation', async () => {
  const flow = setup({ requestsPerMinute: 60, tokensPerMinute: 60_000 });
  (await enter(flow, 1000).permit).cancel();
  const next = enter(flow, 1000);
  await flow.clock.advance(0);
  expect(next.at).toBe(0);
});

test('a throttled request pauses all models for exactly as long as the endpoint says, and retries go first', async () => {
  const flow = setup();
  const other = flow.another();
  await fail(flow, throttle(7000));
  const fresh = [enter(flow), enter(flow, 0, false, other)];
  const retry = enter(flow, 0, true);
  const order: string[] = [];
  void retry.permit.then(() => order.push('retry'));
  for (const { permit } of fresh) void permit.then(() => order.push('fresh'));

  await flow.clock.advance(6999);
  expect([retry, ...fresh].map(({ at }) => at)).toEqual([null, null, null]);
  await flow.clock.drain();
  expect([retry, ...fresh].map(({ at }) => at)).toEqual([7000, 7000, 7000]);
  expect(order).toEqual(['retry', 'fresh', 'fresh']);
  expect(flow.changes).toEqual([{ type: 'pause', pauseMs: 7000, requestsPerMinute: null, reason: 'a rate_limit' }]);
});

test('models with another quota do not pause', async () => {
  const flow = setup();
  await fail(flow, throttle(7000));
  const elsewhere = createGate({
    limits: { concurrency: 1, timeoutMs: 1, retries: 0 },
    quota: setup().quota,
    clock: flow.clock,
    requestSlots: createRequestSlots(1),
  });
  const admission = enter(flow, 0, false, elsewhere);
  await flow.clock.advance(0);
  expect(admission.at).toBe(0);
});

test('of several hints, the one that ends last holds', async () => {
  const flow = setup();
  const permits = await Promise.all([1, 2, 3].map(() => enter(flow).permit));
  for (const [index, hint] of [5000, 9000, 2000].entries()) permits[index]?.onFailure(throttle(hint));
  const next = enter(flow);
  await flow.clock.drain();
  expect(next.at).toBe(9000);
});

test('without a hint, the shared pause doubles with each throttled request until an answer comes', async () => {
  const flow = setup();
  const pauses: number[] = [];
  for (const outcome of ['throttled', 'throttled', 'throttled', 'answered', 'throttled']) {
    const from = flow.clock.now();
    const admission = enter(flow);
    await flow.clock.drain();
    pauses.push((admission.at ?? Number.NaN) - from);
    const permit = await admission.permit;
    if (outcome === 'answered') permit.onSuccess(answer());
    else permit.onFailure(throttle());
  }
  const last = flow.clock.now();
  const next = enter(flow);
  await flow.clock.drain();
  expect([...pauses, (next.at ?? Number.NaN) - last]).toEqual([0, 250, 500, 1000, 0, 250]);
});

test('a pause of our own is never longer than half a minute', async () => {
  const flow = setup();
  let pausedAt = 0;
  const pauses: number[] = [];
  for (let throttled = 0; throttled < 9; throttled += 1) {
    const admission = enter(flow);
    await flow.clock.drain();
    pauses.push((admission.at ?? Number.NaN) - pausedAt);
    pausedAt = flow.clock.now();
    (await admission.permit).onFailure(throttle());
  }
  expect(pauses.slice(-3)).toEqual([8000, 15_000, 15_000]);
});

test('after a pause of our own at an unknown rate, sends one probe, and all others after its answer', async () => {
  const flow = setup();
  await fail(flow, throttle());
  const waiting = Array.from({ length: 4 }, () => enter(flow));
  await flow.clock.advance(1000);
  expect(waiting.map(({ at }) => at)).toEqual([250, null, null, null]);
  (await waiting[0]?.permit)?.onSuccess(answer());
  await flow.clock.advance(0);
  expect(waiting.map(({ at }) => at)).toEqual([250, 1000, 1000, 1000]);
});

test('the answer to a request from before the pause does not end the wait for the probe', async () => {
  const flow = setup();
  const early = await Promise.all([enter(flow).permit, enter(flow).permit]);
  early[0]?.onFailure(throttle());
  const waiting = [enter(flow), enter(flow)];
  await flow.clock.advance(300);
  early[1]?.onSuccess(answer());
  await flow.clock.advance(100);
  expect(waiting.map(({ at }) => at)).toEqual([250, null]);
});

test('a probe that takes long holds up another model of the quota for 2 s', async () => {
  const flow = setup();
  await fail(flow, throttle());
  const slow = enter(flow);
  const other = enter(flow, 0, false, flow.another());
  await flow.clock.advance(60_000);
  expect([slow.at, other.at]).toEqual([250, 2250]);
});

test.each([
  ['was not sent', (permit: Permit) => permit.cancel(), [250, 1250, null]],
  ['timed out', (permit: Permit) => permit.onFailure(failure('timeout')), [250, 1250, 1250]],
  ['was throttled again', (permit: Permit) => permit.onFailure(throttle()), [250, 1750, null]],
])('a probe that %s holds up no other request', async (_, end, expected) => {
  const flow = setup();
  await fail(flow, throttle());
  const waiting = Array.from({ length: 3 }, () => enter(flow));
  await flow.clock.advance(1250);
  end((await waiting[0]?.permit) as Permit);
  await flow.clock.advance(1500);
  expect(waiting.map(({ at }) => at)).toEqual(expected);
});

test.each([
  ['a throttled request', () => throttle(5000), 5000],
  ['no credit', () => failure('rate_limit', { status: 429, retryable: false }), null],
])('%s admits no request before the pause or the stop, even with adaptive concurrency', async (_, error, at) => {
  const flow = setup({ concurrency: 'auto', tokensPerMinute: 600_000 });
  const permits = await Promise.all(Array.from({ length: 8 }, () => enter(flow, 1).permit));
  const waiting = enter(flow, 1);
  waiting.permit.catch(() => {});
  permits[0]?.onFailure(error());
  for (const permit of permits.slice(1)) permit.cancel();
  await flow.clock.drain();
  expect(waiting.at).toBe(at);
});

test('a breaker probe that shows that there is no access admits no other request', async () => {
  const flow = setup();
  for (let index = 0; index < 8; index += 1) await fail(flow, failure('server', { status: 500 }));
  const [probe, other] = [enter(flow), enter(flow)];
  other.permit.catch(() => {});
  await flow.clock.advance(5000);
  (await probe.permit).onFailure(failure('auth', { status: 401 }));
  await flow.clock.drain();
  expect([probe.at, other.at]).toEqual([5000, null]);
});

test('the tokens of a throttled request admit no other request before the pause', async () => {
  const flow = setup({ tokensPerMinute: 60_000 });
  const first = await enter(flow, 10_000).permit;
  const next = enter(flow, 1);
  first.onFailure(throttle(5000));
  await flow.clock.drain();
  expect(next.at).toBe(5000);
});

test('throttling of requests sent before the pause neither lengthens a pause of our own nor cuts the rate again', async () => {
  const flow = setup({ requestsPerMinute: 60_000 });
  const permits = await Promise.all(Array.from({ length: 20 }, () => enter(flow).permit));
  await flow.clock.advance(100);
  for (const permit of permits) permit.onFailure(throttle());
  expect(flow.changes).toHaveLength(1);
  expect(flow.changes[0]).toMatchObject({ type: 'pause', pauseMs: 250 });
  expect((flow.changes[0] as { requestsPerMinute: number }).requestsPerMinute).toBeCloseTo(48_000);
});

test.each([
  ['requests', { remainingRequests: 0, resetRequestsMs: 4000 }],
  ['tokens', { remainingTokens: 0, resetTokensMs: 4000, remainingRequests: 5 }],
  ['requests and tokens', { remainingRequests: 0, resetRequestsMs: 2000, remainingTokens: 0, resetTokensMs: 4000 }],
])('pauses until the reset when no %s remain, even without configured limits', async (_, rateLimit) => {
  const flow = setup();
  (await enter(flow).permit).onSuccess(answer(10, rateLimit));
  const next = enter(flow);
  await flow.clock.drain();
  expect(next.at).toBe(4000);
  const reason = 'the response headers report no remaining quota';
  expect(flow.changes).toEqual([{ type: 'pause', pauseMs: 4000, requestsPerMinute: null, reason }]);
});

test('throttling of a request sent before the quota was used up adds no second pause', async () => {
  const flow = setup();
  const [first, second] = await Promise.all([enter(flow).permit, enter(flow).permit]);
  await flow.clock.advance(10);
  first?.onSuccess(answer(10, { remainingRequests: 0, resetRequestsMs: 4000 }));
  second?.onFailure(throttle());
  expect(flow.changes).toHaveLength(1);
});

test('headers that report no remaining quota do not cut the rate', async () => {
  const flow = setup({ requestsPerMinute: 120 });
  for (let index = 0; index < 20; index += 1) {
    const { permit } = enter(flow);
    await flow.clock.advance(500);
    (await permit).onSuccess(answer(10, { remainingRequests: 0, resetRequestsMs: 500 }));
  }
  const [from, last] = [flow.clock.now(), enter(flow)];
  await flow.clock.drain();
  expect((last.at ?? Number.NaN) - from).toBe(500);
});

test('a throttled request without Retry-After waits for the reset in its headers', async () => {
  const flow = setup();
  await fail(flow, failure('rate_limit', { rateLimit: { remainingRequests: 0, resetRequestsMs: 3000 } }));
  const next = enter(flow);
  await flow.clock.drain();
  expect(next.at).toBe(3000);
});

test('a throttled request with Retry-After waits for that time, whatever reset its headers name', async () => {
  const flow = setup();
  const rateLimit = { remainingRequests: 0, resetRequestsMs: 3000 };
  await fail(flow, failure('rate_limit', { retryAfterMs: 1000, rateLimit }));
  const next = enter(flow);
  await flow.clock.drain();
  expect(next.at).toBe(1000);
});

test.each([
  ['requests', { limitRequests: 100, remainingRequests: 10, resetRequestsMs: 10_000 }],
  ['tokens', { limitTokens: 10_000, remainingTokens: 1000, resetTokensMs: 10_000 }],
])('spreads a low remainder of %s until the reset', async (_, rateLimit) => {
  const flow = setup();
  (await enter(flow).permit).onSuccess(answer(10, rateLimit));
  const next = Array.from({ length: 10 }, () => enter(flow, 100));
  await flow.clock.drain();
  expect(next.at(-1)?.at).toBeGreaterThanOrEqual(9000);
  expect(next.at(-1)?.at).toBeLessThanOrEqual(10_000);
});

test.each([
  ['a limit alone', { limitRequests: 1, limitTokens: 1 }],
  ['a reset too far away to wait for', { remainingRequests: 0, resetRequestsMs: 86_400_000 }],
  ['a reset that is over before the reply arrives', { remainingRequests: 0, resetRequestsMs: 20 }],
])('%s holds back no request', async (_, rateLimit) => {
  const flow = setup();
  (await enter(flow).permit).onSuccess(answer(10, rateLimit));
  const next = [enter(flow), enter(flow)];
  await flow.clock.advance(0);
  expect(next.map(({ at }) => at)).toEqual([0, 0]);
});

test.each([
  [100, 0],
  [101, 101],
  [600_000, 600_000],
  [600_001, 0],
])('when nothing remains for %i ms, the next request waits for %i', async (resetRequestsMs, wait) => {
  const flow = setup({ deadlineMs: 600_000 });
  (await enter(flow).permit).onSuccess(answer(10, { remainingRequests: 0, resetRequestsMs }));
  const next = enter(flow);
  await flow.clock.drain();
  expect(next.at).toBe(wait);
});

test('ignores headers of requests sent before a pause', async () => {
  const flow = setup();
  const early = await Promise.all([enter(flow).permit, enter(flow).permit]);
  await flow.clock.advance(10);
  early[0]?.onFailure(throttle(1000));
  await flow.clock.advance(990);
  early[1]?.onSuccess(answer(10, { remainingRequests: 0, resetRequestsMs: 60_000 }));
  const next = enter(flow);
  await flow.clock.drain();
  expect(next.at).toBe(1010);
});

test('missing access stops the model and its waiting requests at once, and no other model', async () => {
  const flow = setup({ requestsPerMinute: 60 });
  const other = flow.another();
  const permit = await enter(flow).permit;
  const waiting = enter(flow);
  const elsewhere = enter(flow, 0, false, other);
  permit.onFailure(failure('auth', { status: 401, hint: 'check the key' }));

  await expect(waiting.permit).rejects.toMatchObject({ kind: 'auth', details: { hint: 'check the key' } });
  await expect(enter(flow).permit).rejects.toMatchObject({ kind: 'auth' });
  expect(flow.gate.stopped()?.kind).toBe('auth');
  expect(other.stopped()).toBeNull();
  expect(flow.changes.at(-1)).toMatchObject({ type: 'stop', kind: 'auth' });
  await flow.clock.drain();
  expect(elsewhere.at).toBe(1000);
});

test('requests that wait behind another model fail at once when their own model is stopped', async () => {
  const flow = setup({ requestsPerMinute: 1 });
  const permit = await enter(flow).permit;
  enter(flow, 0, false, flow.another());
  const behind = enter(flow);
  permit.onFailure(failure('auth'));
  await expect(behind.permit).rejects.toMatchObject({ kind: 'auth' });
  expect(flow.clock.now()).toBe(0);
  flow.stop.abort();
});

test('a hint longer than the deadline stops the model instead of waiting a day', async () => {
  const flow = setup({ deadlineMs: 60_000 });
  await fail(flow, throttle(86_400_000));
  await expect(enter(flow).permit).rejects.toThrow('the endpoint asks to wait 24 h');
  expect(flow.clock.sleeping()).toBe(0);
});

test.each([
  ['as long as the deadline', 60_000, 60_000],
  ['longer than the deadline', 60_001, 250],
])('after a hint %s, the other models of the quota pause for a time that they can wait', async (_, hint, pause) => {
  const flow = setup({ deadlineMs: 60_000 });
  await fail(flow, throttle(hint));
  const elsewhere = enter(flow, 0, false, flow.another());
  await flow.clock.drain();
  expect(elsewhere.at).toBe(pause);
});

test('a few throttled requests do not stop a model, however far apart they are', async () => {
  const flow = setup({ deadlineMs: 60_000 });
  for (let throttled = 1; throttled <= 8; throttled += 1) {
    expect(flow.gate.stopped()).toBeNull();
    await fail(flow, throttle());
    await flow.clock.advance(3_600_000);
  }
  expect(flow.gate.stopped()?.message).toContain('every request was throttled for 1 min');
});

test('stops a model whose requests are all throttled for as long as the deadline', async () => {
  const flow = setup({ deadlineMs: 60_000 });
  let asked = 0;
  while (flow.gate.stopped() === null) {
    const admission = enter(flow);
    await flow.clock.drain();
    (await admission.permit).onFailure(throttle(5000));
    asked += 1;
  }
  expect(asked).toBe(14);
  expect(flow.gate.stopped()?.message).toContain('every request was throttled for 1 min');
});

test('eight similar failures hold back all but one probe at a time, and the last failed probe stops the model', async () => {
  const flow = setup();
  for (let index = 0; index < 8; index += 1) await fail(flow, failure('server', { status: 500 }));
  const waiting = [enter(flow), enter(flow), enter(flow), enter(flow)];
  const seen: (readonly (number | null)[])[] = [];
  for (const [probe, coolDown] of [5_000, 10_000, 20_000].entries()) {
    await flow.clock.advance(coolDown - 1);
    await flow.clock.advance(1);
    seen.push(waiting.map(({ at }) => at));
    (await waiting[probe]?.permit)?.onFailure(failure('server', { status: 500 }));
  }
  expect(seen).toEqual([
    [5_000, null, null, null],
    [5_000, 15_000, null, null],
    [5_000, 15_000, 35_000, null],
  ]);
  await expect(waiting[3]?.permit).rejects.toMatchObject({ kind: 'server', details: { status: 500 } });
  const states = flow.changes.map((change) => (change.type === 'breaker' ? change.state : change.type));
  expect(states).toEqual(['open', 'open', 'open', 'spent', 'stop']);
});

test('an answer to a breaker probe admits all others', async () => {
  const flow = setup();
  for (let index = 0; index < 8; index += 1) await fail(flow, failure('timeout'));
  const waiting = [enter(flow), enter(flow), enter(flow)];
  await flow.clock.advance(5_000);
  (await waiting[0]?.permit)?.onSuccess(answer());
  await flow.clock.drain();
  expect(waiting.map(({ at }) => at)).toEqual([5_000, 5_000, 5_000]);
  expect(flow.gate.stopped()).toBeNull();
});

test('a breaker probe that was not sent leaves its turn to the next request', async () => {
  const flow = setup();
  for (let index = 0; index < 8; index += 1) await fail(flow, failure('network'));
  const waiting = [enter(flow), enter(flow)];
  await flow.clock.advance(5_000);
  (await waiting[0]?.permit)?.cancel();
  await flow.clock.drain();
  expect(waiting.map(({ at }) => at)).toEqual([5_000, 5_000]);
});

test('stopping the run ends every wait at once and leaves no timer', async () => {
  const flow = setup({ requestsPerMinute: 1 });
  const waiting = Array.from({ length: 20 }, () => enter(flow)).slice(1);
  await flow.clock.advance(10);
  expect(flow.clock.sleeping()).toBe(1);
  flow.stop.abort();
  const ends = await Promise.allSettled(waiting.map(({ permit }) => permit));
  expect(ends.map((end) => end.status === 'rejected' && end.reason.kind)).toEqual(waiting.map(() => 'aborted'));
  await expect(enter(flow).permit).rejects.toMatchObject({ kind: 'aborted' });
  expect(flow.clock.sleeping()).toBe(0);
});

test('many requests leave no listener on the stop signal', async () => {
  const flow = setup({ requestsPerMinute: 6000 });
  for (let index = 0; index < 50; index += 1) enter(flow);
  await flow.clock.drain();
  expect(getEventListeners(flow.stop.signal, 'abort')).toEqual([]);
});

test('uses the configured concurrency, or adapts it and says why', async () => {
  expect(setup({ concurrency: 3 }).gate.cellSlots.count()).toBe(3);

  const flow = setup({ concurrency: 'auto' });
  const admissions = Array.from({ length: 16 }, () => enter(flow));
  for (const { permit } of admissions.slice(0, 8)) (await permit).onSuccess(answer());
  expect(flow.gate.cellSlots.count()).toBe(16);
  await flow.clock.advance(1);
  (await admissions[8]?.permit)?.onFailure(failure('server', { status: 503 }));
  expect(flow.gate.cellSlots.count()).toBe(12);
  expect(flow.changes).toEqual([
    { type: 'concurrency', from: 8, to: 16, reason: 'slow start' },
    { type: 'concurrency', from: 16, to: 12, reason: 'the endpoint is overloaded' },
  ]);
});

test('answers to retries do not raise the concurrency', async () => {
  const flow = setup({ concurrency: 'auto' });
  const permits = await Promise.all(Array.from({ length: 8 }, () => enter(flow, 0, true).permit));
  for (const permit of permits) permit.onSuccess(answer());
  expect(flow.gate.cellSlots.count()).toBe(8);
});

test('requests sent one by one do not raise the concurrency', async () => {
  const flow = setup({ concurrency: 'auto' });
  for (let index = 0; index < 100; index += 1) (await enter(flow).permit).onSuccess(answer());
  expect(flow.gate.cellSlots.count()).toBe(8);
});

test('small requests do not overtake a large one', async () => {
  const flow = setup({ tokensPerMinute: 60_000 });
  (await enter(flow, 1000).permit).onSuccess(answer());
  const large = enter(flow, 5000);
  const small = enter(flow, 1);
  await flow.clock.drain();
  expect(small.at ?? 0).toBeGreaterThan((large.at ?? 0) + 4900);
});

test('a throttled request gives its tokens back', async () => {
  const flow = setup({ tokensPerMinute: 60_000 });
  (await enter(flow, 10_000).permit).onFailure(throttle(100));
  const next = enter(flow, 1);
  await flow.clock.drain();
  expect(next.at).toBe(100);
});

test('after a pause there is no burst, and a cut rate has not grown in the meantime', async () => {
  const flow = setup({ requestsPerMinute: 60_000 });
  await fail(flow, throttle(30_000));
  const next = Array.from({ length: 41 }, () => enter(flow));
  await flow.clock.drain();
  expect(next[0]?.at).toBe(30_000);
  expect(next[1]?.at).toBeGreaterThan(30_000);
  expect(next[40]?.at).toBe(30_050);
});

test('after a pause there is no burst of tokens', async () => {
  const flow = setup({ tokensPerMinute: 600_000 });
  await fail(flow, throttle(30_000));
  const next = Array.from({ length: 3 }, () => enter(flow, 100));
  await flow.clock.drain();
  expect(next.map(({ at }) => at)).toEqual([30_010, 30_020, 30_030]);
});

test('answers between throttled requests keep the model from being stopped', async () => {
  const flow = setup({ deadlineMs: 60_000 });
  for (let index = 0; index < 40; index += 1) {
    const admission = enter(flow);
    await flow.clock.drain();
    const permit = await admission.permit;
    if (index % 2 === 0) permit.onFailure(throttle(5000));
    else permit.onSuccess(answer());
  }
  expect(flow.clock.now()).toBeGreaterThan(60_000);
  expect(flow.gate.stopped()).toBeNull();
});

test('probes each broken model at its own time', async () => {
  const flow = setup();
  const waiting: Admission[] = [];
  for (const gate of [flow.gate, flow.another(), flow.another()]) {
    for (let index = 0; index < 8; index += 1)
      (await enter(flow, 0, false, gate).permit).onFailure(failure('server', { status: 500 }));
    waiting.push(enter(flow, 0, false, gate));
    await flow.clock.advance(1000);
  }
  await flow.clock.drain();
  expect(waiting.map(({ at }) => at)).toEqual([5000, 6000, 7000]);
});

test('a request that arrives at the turn of another waits behind it', async () => {
  const flow = setup({ requestsPerMinute: 610 });
  const admissions = [enter(flow), enter(flow)];
  await flow.clock.advance(98.5);
  admissions.push(enter(flow));
  await flow.clock.advance(0);
  expect(admissions.map(({ at }) => at)).toEqual([0, 98.5, null]);
});

test('a request that may go earlier than the waiting ones goes earlier', async () => {
  const flow = setup({ requestsPerMinute: 60 });
  for (let index = 0; index < 8; index += 1) {
    const admission = enter(flow);
    await flow.clock.drain();
    (await admission.permit).onFailure(failure('server'));
  }
  const from = flow.clock.now();
  const held = enter(flow);
  const other = enter(flow, 0, false, flow.another());
  await flow.clock.drain();
  expect([held.at, other.at]).toEqual([from + 5000, from + 1000]);
});

/** A schedule of requests: when each arrives, what it reserves, how long it takes and how it ends. */
const schedules = fc.array(
  fc.record({
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3000 })),
    tokens: fc.integer({ min: 1, max: 3000 }),
    retry: fc.boolean(),
    ms: fc.integer({ min: 0, max: 2000 }),
    end: fc.constantFrom('answered', 'failed', 'throttled', 'cancelled'),
  }),
  { minLength: 5, maxLength: 30 },
);

test('never sends more requests or tokens than the quota in any window, under any schedule', async () => {
  const perMs = 0.02;
  const tokensPerMs = 2;
  await fc.assert(
    fc.asyncProperty(schedules, async (schedule) => {
      const flow = setup({ requestsPerMinute: perMs * 60_000, tokensPerMinute: tokensPerMs * 60_000 });
      const sent: { readonly at: number; readonly tokens: number }[] = [];
      const one = async ({ tokens, retry, ms, end }: (typeof schedule)[number]) => {
        const permit = await flow.gate.admit({ tokens, retry, signal: flow.stop.signal });
        if (end === 'cancelled') return permit.cancel();
        sent.push({ at: flow.clock.now(), tokens });
        await flow.clock.sleep(ms);
        if (end === 'answered') permit.onSuccess(answer());
        else permit.onFailure(end === 'throttled' ? throttle(500) : failure('bad_request'));
      };
      const all: Promise<void>[] = [];
      for (const step of schedule) {
        await flow.clock.advance(step.pause);
        all.push(one(step));
      }
      await flow.clock.drain();
      await Promise.all(all);

      // Throttled requests give back their tokens, cancelled ones all that they took.
      const refunds = schedule.filter(({ end }) => end === 'throttled' || end === 'cancelled');
      const tokensBack = refunds.reduce((sum, { tokens }) => sum + tokens, 0);
      const cancelled = schedule.filter(({ end }) => end === 'cancelled').length;
      const largest = Math.max(...schedule.map(({ tokens }) => tokens));
      for (const [from, first] of sent.entries()) {
        let tokens = 0;
        for (const [index, { at, tokens: cost }] of sent.slice(from).entries()) {
          tokens += cost;
          const ms = at - first.at;
          expect(index + 1).toBeLessThanOrEqual(perMs * (ms + 100) + 1 + cancelled + 1e-3);
          expect(tokens).toBeLessThanOrEqual(tokensPerMs * (ms + 100) + largest + tokensBack + 1e-3);
        }
      }
      expect(flow.clock.sleeping()).toBe(0);
    }),
    { numRuns: 60 },
  );
});

/** An endpoint with a token bucket, and callers that send requests until the time is up. */
async function serve(flow: Setup, seconds: number, quotaPerSecond: (second: number) => number, hint: boolean) {
  const { clock, gate, stop } = flow;
  let level = quotaPerSecond(0);
  let at = 0;
  const count = { answered: 0, throttled: 0, granted: level };
  const gather = () => {
    const rate = quotaPerSecond(clock.now() / 1000);
    const more = ((clock.now() - at) / 1000) * rate;
    at = clock.now();
    level = Math.min(Math.max(1, rate), level + more);
    count.granted += more;
    return rate;
  };
  const call = async () => {
    for (let retry = false; !stop.signal.aborted; ) {
      const permit = await gate.admit({ tokens: 0, retry, signal: stop.signal }).catch(() => null);
      if (permit === null) return;
      await clock.sleep(20);
      const rate = gather();
      retry = level < 1;
      if (retry) count.throttled += 1;
      else {
        level -= 1;
        count.answered += 1;
      }
      const wait = Math.ceil((1 - level) / rate) * 1000;
      await clock.sleep(30);
      if (retry) permit.onFailure(throttle(hint ? wait : undefined));
      else permit.onSuccess(answer());
    }
  };
  const callers = Array.from({ length: 16 }, call);
  await clock.advance(seconds * 1000);
  stop.abort();
  await clock.drain();
  await Promise.all(callers);
  const used = count.answered / count.granted;
  return { used, throttled: count.throttled / (count.throttled + count.answered) };
}

const halves = (second: number) => (second >= 40 && second < 80 ? 10 : 20);

test('uses at least 97 % of a steady quota without a throttled request', async () => {
  const { used, throttled } = await serve(setup({ requestsPerMinute: 1200 }), 60, () => 20, true);
  expect(used).toBeGreaterThan(0.97);
  expect(throttled).toBe(0);
});

test.each([
  ['with', true],
  ['without', false],
])('follows a quota that halves and doubles, %s hints', async (_, hint) => {
  const { used, throttled } = await serve(setup({ requestsPerMinute: 1200 }), 120, halves, hint);
  expect(used).toBeGreaterThan(0.95);
  expect(throttled).toBeLessThan(0.01);
});

test('finds a quota that is not configured', async () => {
  const { used, throttled } = await serve(setup(), 120, () => 20, true);
  expect(used).toBeGreaterThan(0.95);
  expect(throttled).toBeLessThan(0.02);
});

interface RandomThrottling {
  readonly callers: number;
  readonly latencyMs: number;
  /** Whether the endpoint throttles this request, at any rate. */
  readonly throttled: (request: number) => boolean;
  readonly hintMs?: number;
}

/** An endpoint that throttles at random, after as long as an answer takes. Returns the share of possible answers. */
async function throttleRandomly(
  { clock, gate, stop }: Setup,
  seconds: number,
  { callers, latencyMs, throttled, hintMs }: RandomThrottling,
) {
  let requests = 0;
  let answered = 0;
  const call = async () => {
    for (let retry = false; !stop.signal.aborted; ) {
      const permit = await gate.admit({ tokens: 0, retry, signal: stop.signal }).catch(() => null);
      if (permit === null) return;
      requests += 1;
      retry = throttled(requests);
      await clock.sleep(latencyMs);
      if (retry) permit.onFailure(throttle(hintMs));
      else {
        answered += 1;
        permit.onSuccess(answer());
      }
    }
  };
  const all = Array.from({ length: callers }, call);
  await clock.advance(seconds * 1000);
  stop.abort();
  await clock.drain();
  await Promise.all(all);
  return answered / ((callers * seconds * 1000) / latencyMs);
}

test.each([
  ['with', true, 0.035],
  ['without', false, 0.05],
])('learns that a quota which is not configured was lowered, %s hints', async (_, hint, mostThrottled) => {
  const lowered = (second: number) => (second < 60 ? 10 : second < 120 ? 5 : second < 180 ? 10 : 3);
  const { used, throttled } = await serve(setup({ concurrency: 8 }), 240, lowered, hint);
  expect(used).toBeGreaterThan(0.93);
  expect(throttled).toBeLessThan(mostThrottled);
});

const everyHundredth = (request: number) => request % 100 === 0;

test.each([
  ['with', 100],
  ['without', undefined],
])('random throttling hardly slows a model, %s hints', async (_, hintMs) => {
  const share = await throttleRandomly(setup({ concurrency: 16 }), 300, {
    callers: 16,
    latencyMs: 500,
    throttled: everyHundredth,
    ...(hintMs === undefined ? {} : { hintMs }),
  });
  expect(share).toBeGreaterThan(0.8);
});

test.each([
  ['slow', 32, 500, 0.04, 0.65],
  ['slow, and throttles more', 32, 500, 0.08, 0.65],
  ['fast', 8, 50, 0.04, 0.6],
  ['fast, and throttles more', 8, 50, 0.08, 0.5],
])(
  'random throttling hardly slows a model in any order: an endpoint that is %s',
  async (_, callers, latencyMs, throttledShare, least) => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const random = seededRandom(seed);
        const flow = setup({ concurrency: callers });
        const share = await throttleRandomly(flow, 60, {
          callers,
          latencyMs,
          throttled: () => random() < throttledShare,
        });
        expect(share).toBeGreaterThan(least);
      }),
      { numRuns: 5 },
    );
  },
);

test.each([
  ['with', true, 0.7, 0.3],
  ['without', false, 0.6, 0.4],
])(
  'learns a quota of a few requests a minute that is not configured, %s hints',
  async (_, hint, leastUsed, mostThrottled) => {
    const { used, throttled } = await serve(setup({ concurrency: 4 }), 600, () => 0.25, hint);
    expect(used).toBeGreaterThan(leastUsed);
    expect(throttled).toBeLessThan(mostThrottled);
  },
);

test('counts failures with a status as served when it measures the rate', async () => {
  const flow = setup();
  for (let index = 0; index < 20; index += 1) {
    const { permit } = enter(flow);
    await flow.clock.advance(50);
    if (index === 0) (await permit).onSuccess(answer());
    else (await permit).onFailure(failure('bad_request', { status: 400 }));
  }
  await fail(flow, throttle(0));

  expect(flow.changes.at(-1)).toMatchObject({ type: 'pause', requestsPerMinute: 1200 });
});

test('a cell that waits between two attempts lends its slot, and continues when a slot is free', async () => {
  const flow = setup({ concurrency: 1 });
  const told: number[] = [];
  flow.gate.cellSlots.onChange(() => told.push(flow.gate.cellSlots.count()));
  (await enter(flow).permit).onFailure(failure('server'));
  const lent = flow.gate.cellSlots.lendDuring(flow.clock.sleep(100, flow.stop.signal));
  const other = await enter(flow).permit;
  await flow.clock.advance(100);
  await lent;

  const back = enter(flow, 0, true);
  await flow.clock.advance(50);
  expect(back.at).toBeNull();
  other.onSuccess(answer());
  await flow.clock.advance(0);

  expect(back.at).toBe(150);
  expect(told).toEqual([2, 1]);
});

test('a request that was not sent frees its slot', async () => {
  const flow = setup({ concurrency: 1 });
  const other = await enter(flow).permit;
  const back = enter(flow, 0, true);
  await flow.clock.advance(10);
  expect(back.at).toBeNull();

  other.cancel();
  await flow.clock.advance(0);

  expect(back.at).toBe(10);
});

test('a model that waited for a slot sends no more than its rate when one is free', async () => {
  const slots = createRequestSlots(2);
  const flow = setup({ requestsPerMinute: 60 }, slots);
  slots.acquire();
  slots.acquire();
  const waiting = Array.from({ length: 4 }, () => enter(flow));
  await flow.clock.advance(10_000);
  expect(waiting.map(({ at }) => at)).toEqual([null, null, null, null]);

  slots.release();
  for (const { permit } of waiting) {
    await flow.clock.advance(1000);
    (await permit).onSuccess(answer());
  }

  const at = waiting.map((admission) => admission.at ?? 0);
  expect(at[0]).toBe(10_000);
  for (const [index, time] of at.slice(1).entries()) expect(time - (at[index] ?? 0)).toBeGreaterThanOrEqual(990);
});

test('a pause also holds for requests that wait for a slot', async () => {
  const slots = createRequestSlots(1);
  const flow = setup({}, slots);
  const first = await enter(flow).permit;
  const next = enter(flow);

  first.onFailure(throttle(5000));
  await flow.clock.drain();

  expect(next.at).toBe(5000);
});

test('new requests and retries together never exceed the concurrency', async () => {
  const flow = setup({ concurrency: 2, requestsPerMinute: 600 });
  const admissions = [true, false, false, true].map((retry) => enter(flow, 0, retry));
  await flow.clock.advance(10_000);

  expect(admissions.filter(({ at }) => at !== null)).toHaveLength(2);
});

test.each([0, 1])(
  'a throttled request whose quota resets in %d ms backs off like one without a hint',
  async (resetRequestsMs) => {
    const pauseOf = async (details: object) => {
      const flow = setup();
      await fail(flow, failure('rate_limit', details));
      return flow.changes[0];
    };
    const rateLimit = { remainingRequests: 0, resetRequestsMs };

    expect(await pauseOf({ rateLimit })).toEqual(await pauseOf({}));
  },
);

const REJECTION = failure('bad_request', { status: 400, hint: 'do this' });

/** Sends requests that are rejected until the model is in doubt, next to `others` that stay in flight. */
async function inDoubt(flow: Setup, others = 0) {
  const open = await Promise.all(Array.from({ length: others }, () => enter(flow).permit));
  for (let index = 0; index < 8; index += 1) await fail(flow, REJECTION);
  return open;
}

test('a model in doubt gets one request more, when none is in flight, and is stopped when it rejects that one', async () => {
  const flow = setup();
  let trials = 0;
  flow.gate.onDoubt(async () => {
    trials += 1;
    const request = { tokens: 0, retry: false, signal: flow.stop.signal };
    (await flow.gate.admitTrial(request)).onFailure(REJECTION);
  });
  const [open] = await inDoubt(flow, 1);
  const waiting = enter(flow);
  await flow.clock.advance(1000);
  expect([trials, waiting.at]).toEqual([0, null]);

  open?.onFailure(failure('timeout'));

  await expect(waiting.permit).rejects.toMatchObject({ kind: 'bad_request', details: { status: 400 } });
  expect(trials).toBe(1);
  expect(flow.changes.map(({ type }) => type)).toEqual(['trial', 'stop']);
  expect(flow.changes.at(-1)).toMatchObject({
    reason: expect.stringMatching(
      /rejected, and so was one from the end of the manifest \(a bad_request\) · do this; /,
    ),
  });
});

test('an answer that was in flight ends the doubt without a trial', async () => {
  const flow = setup();
  flow.gate.onDoubt(() => Promise.reject(new Error('no trial is needed')));
  const [open] = await inDoubt(flow, 1);
  const waiting = enter(flow);
  open?.onSuccess(answer());

  expect(await waiting.permit).toBeDefined();
  expect([flow.gate.hasAnswered(), flow.gate.stopped()]).toEqual([true, null]);
});

test('without a trial the last request that waits is tried, and its answer admits the others', async () => {
  const flow = setup();
  const [open] = await inDoubt(flow, 1);
  const waiting = [enter(flow), enter(flow), enter(flow)];
  open?.onFailure(REJECTION);
  await flow.clock.advance(0);
  expect(waiting.map(({ at }) => at)).toEqual([null, null, 0]);
  (await waiting[2]?.permit)?.onSuccess(answer());
  await flow.clock.advance(0);

  expect(waiting.map(({ at }) => at)).toEqual([0, 0, 0]);
});

test('a trial that shows nothing is repeated with another request', async () => {
  const flow = setup();
  const [open] = await inDoubt(flow, 1);
  const waiting = [enter(flow), enter(flow)];
  open?.cancel();
  await flow.clock.advance(0);
  (await waiting[1]?.permit)?.onFailure(failure('timeout'));
  await flow.clock.advance(0);
  expect(waiting[0]?.at).toBe(0);
  (await waiting[0]?.permit)?.cancel();
  const next = enter(flow);
  await flow.clock.advance(0);

  expect(next.at).toBe(0);
  (await next.permit).onFailure(REJECTION);
  expect(flow.gate.stopped()?.kind).toBe('bad_request');
});
