import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { ProviderError, type ProviderErrorDetails } from '../../src/errors.ts';
import { createGate } from '../../src/limits/gate.ts';
import { createQuota } from '../../src/limits/quota.ts';
import { createRequestSlots } from '../../src/limits/slots.ts';
import { createTimeouts } from '../../src/limits/timers.ts';
import type { Clocks, FailureKind } from '../../src/result.ts';
import { type AttemptContext, type AttemptResult, askWithRetries } from '../../src/run/attempt.ts';
import type { Completion, Limits, Media, Message, ModelConfig } from '../../src/types.ts';
import { gate } from '../helpers/endpoint.ts';
import { usageOf } from '../helpers/results.ts';
import { createVirtualClock } from '../helpers/virtual-clock.ts';

const ANSWER: Completion = {
  text: 'yes',
  finishReason: 'stop',
  refused: false,
  usage: null,
  servedModel: null,
  requestId: null,
};
const USAGE = usageOf(5, 1);
const QUESTION: readonly Message[] = [{ role: 'user', content: [{ type: 'text', text: 'Yes?' }] }];
const FILE: Media = {
  type: 'file',
  uri: 'a.png',
  path: '/a.png',
  mediaType: 'image/png',
  sha256: '',
  byteLength: 1,
};
const showing = (media: Media): readonly Message[] => [{ role: 'user', content: [{ type: 'image', media }] }];

const failure = (kind: FailureKind, details: ProviderErrorDetails = {}) =>
  new ProviderError(kind, `a ${kind}`, details);

/** How the endpoint replies to one request after so many ms; `hang` ends only with the signal. */
type Step = { readonly ms: number; readonly end: Completion | Error } | 'hang';

function setup(steps: readonly Step[], limits: Partial<Limits> = {}, more: Partial<AttemptContext> = {}) {
  const clock = createVirtualClock();
  const all: Limits = { concurrency: 8, timeoutMs: 60_000, retries: 5, ...limits };
  const { requestsPerMinute, tokensPerMinute, deadlineMs = 600_000 } = all;
  const quota = createQuota({ requestsPerMinute, tokensPerMinute, maxPauseMs: deadlineMs, clock, random: () => 0 });
  const model: ModelConfig = { id: 'm', provider: 'test', model: 'm', modalities: ['text'], params: {}, limits: all };
  const stop = new AbortController();
  const abort = new AbortController();
  setMaxListeners(0, stop.signal, abort.signal);
  const sentAt: number[] = [];
  const ids = new Set<string>();
  const results: AttemptResult[] = [];
  const context: AttemptContext = {
    clock,
    random: () => 0.5,
    client: {
      async complete(request, { signal, onFirstToken }) {
        const step = steps[sentAt.length] ?? { ms: 0, end: ANSWER };
        sentAt.push(clock.now());
        ids.add(request.clientRequestId);
        if (step === 'hang') {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          const timedOut = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
          throw new ProviderError(timedOut ? 'timeout' : 'aborted', String(signal.reason));
        }
        await clock.sleep(step.ms / 2);
        if (!(step.end instanceof Error)) onFirstToken?.();
        await clock.sleep(step.ms / 2);
        if (step.end instanceof Error) throw step.end;
        return step.end;
      },
    },
    model,
    media: { load: () => Promise.reject(failure('media')) },
    gate: createGate({ limits: all, quota, clock, requestSlots: createRequestSlots(256) }),
    stop: stop.signal,
    timeouts: createTimeouts(clock, abort.signal),
    ready: async () => {},
    onAttempt: () => {},
    onResult: (result) => results.push(result),
    ...more,
  };
  const clocks: Clocks = { attempts: 0, unseenBills: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null };
  const ask = (messages = QUESTION) => askWithRetries(messages, { maxTokens: 100 }, context, clocks);
  return { clock, context, clocks, ask, stop, abort, sentAt, ids, results };
}

/** The answer or failure after all waits. */
async function settle<T>(flow: ReturnType<typeof setup>, promise: Promise<T>): Promise<T | ProviderError> {
  const [end] = await Promise.allSettled([promise, flow.clock.drain()]);
  if (end.status === 'fulfilled') return end.value;
  if (end.reason instanceof ProviderError) return end.reason;
  throw end.reason;
}

test('an answer has the latency of its own attempt, its first token, and no waits', async () => {
  const flow = setup([{ ms: 800, end: ANSWER }]);
  const answered = await settle(flow, flow.ask());
  expect(answered).toEqual({ completion: ANSWER, latencyMs: 800, firstTokenMs: 400 });
  expect(flow.clocks).toEqual({
    attempts: 1,
    unseenBills: 0,
    retryWaitMs: 0,
    firstSentAt: 0,
    startedAt: '2026-01-01T00:00:00.000Z',
  });
  expect(flow.results).toEqual([{ durationMs: 800, startedAt: '2026-01-01T00:00:00.000Z', result: answered }]);
  expect(flow.clock.sleeping()).toBe(0);
});

test.each(['timeout', 'network', 'server'] as const)(
  'retries a %s after a jittered wait that is no part of the latency',
  async (kind) => {
    const flow = setup([
      { ms: 100, end: failure(kind) },
      { ms: 100, end: failure(kind) },
      { ms: 200, end: ANSWER },
    ]);
    const answered = await settle(flow, flow.ask());
    expect(answered).toMatchObject({ latencyMs: 200 });
    expect(flow.sentAt).toEqual([0, 350, 950]);
    expect(flow.clocks).toMatchObject({ attempts: 3, retryWaitMs: 750, firstSentAt: 0 });
    expect(flow.clocks.startedAt).toBe('2026-01-01T00:00:00.950Z');
    expect(flow.ids.size).toBe(1);
  },
);

test.each(['auth', 'bad_request', 'unsupported', 'content_filter', 'invalid_response'] as const)(
  'does not retry a %s',
  async (kind) => {
    const flow = setup([{ ms: 0, end: failure(kind) }]);
    expect(await settle(flow, flow.ask())).toMatchObject({ kind });
    expect(flow.clocks.attempts).toBe(1);
  },
);

test('stops after the configured retries, and throws the last failure', async () => {
  const flow = setup(
    Array.from({ length: 9 }, (_, index) => ({ ms: 0, end: new ProviderError('server', `no ${index}`) })),
    { retries: 2 },
  );
  expect(await settle(flow, flow.ask())).toMatchObject({ kind: 'server', message: 'no 2' });
  expect(flow.clocks.attempts).toBe(3);
});

test('without retries, nothing is sent again, not even a throttled request', async () => {
  const flow = setup([{ ms: 0, end: failure('rate_limit', { retryAfterMs: 10 }) }], { retries: 0 });
  expect(await settle(flow, flow.ask())).toMatchObject({ kind: 'rate_limit' });
  expect(flow.clocks.attempts).toBe(1);
});

test('throttled attempts wait exactly as long as the endpoint says and use up no retry', async () => {
  const throttled: Step = { ms: 10, end: failure('rate_limit', { retryAfterMs: 990 }) };
  const flow = setup([...Array.from({ length: 7 }, () => throttled), { ms: 30, end: ANSWER }], { retries: 1 });
  expect(await settle(flow, flow.ask())).toMatchObject({ latencyMs: 30 });
  expect(flow.sentAt).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000]);
  expect(flow.clocks.retryWaitMs).toBe(7 * 990);
});

test('sends retries before new requests', async () => {
  const flow = setup([{ ms: 0, end: failure('rate_limit', { retryAfterMs: 1000 }) }], { requestsPerMinute: 60 });
  const answered: string[] = [];
  const ask = async (name: string) => {
    await flow.ask();
    answered.push(name);
  };
  await settle(flow, Promise.all(['throttled', 'second', 'third'].map(ask)));
  expect(answered).toEqual(['throttled', 'second', 'third']);
});

test('waits as long as a broken server says before a retry, and holds back no other request', async () => {
  const flow = setup([{ ms: 0, end: failure('server', { retryAfterMs: 4000 }) }]);
  const first = flow.ask();
  await flow.clock.advance(1000);
  await Promise.all([settle(flow, flow.ask()), first]);
  expect(flow.sentAt).toEqual([0, 1000, 4000]);
});

test('does not start a wait that ends after the deadline', async () => {
  const flow = setup([{ ms: 1000, end: failure('rate_limit', { retryAfterMs: 9500 }) }], { deadlineMs: 10_000 });
  expect(await settle(flow, flow.ask())).toMatchObject({ kind: 'rate_limit' });
  expect(flow.clock.now()).toBe(1000);
  expect(flow.context.gate.stopped()).toBeNull();
});

test('starts a wait that ends exactly at the deadline', async () => {
  const broken: Step = { ms: 1000, end: failure('server', { retryAfterMs: 9000 }) };
  const flow = setup([broken, broken], { deadlineMs: 10_000 });
  expect(await settle(flow, flow.ask())).toMatchObject({ kind: 'server' });
  expect(flow.sentAt).toEqual([0, 10_000]);
});

test('does not start a backoff that ends after the deadline', async () => {
  const flow = setup([{ ms: 100, end: failure('server') }], { deadlineMs: 300 });
  expect(await settle(flow, flow.ask())).toMatchObject({ kind: 'server' });
  expect(flow.clock.now()).toBe(100);
});

test.each([
  ['a shorter wait is kept', 599_999, { completion: ANSWER }],
  ['a longer one is not', 600_001, { kind: 'server' }],
])('without a configured deadline, a request has ten minutes: %s', async (_what, retryAfterMs, end) => {
  const flow = setup([{ ms: 0, end: failure('server', { retryAfterMs }) }]);
  expect(await settle(flow, flow.ask())).toMatchObject(end);
});

test('gives back a permit that comes after the deadline', async () => {
  const throttled: Step = { ms: 0, end: failure('rate_limit') };
  const flow = setup([throttled, throttled, throttled], { deadlineMs: 1000, concurrency: 1 });
  expect(await settle(flow, flow.ask())).toMatchObject({ kind: 'rate_limit', message: 'a rate_limit' });
  expect(flow.sentAt).toEqual([0, 250, 750]);
  expect(flow.clocks.retryWaitMs).toBe(1750);
  expect(await settle(flow, flow.ask())).toMatchObject({ completion: ANSWER });
});

test('the deadline runs from the first attempt, not from our own pacing', async () => {
  const flow = setup([], { requestsPerMinute: 1, deadlineMs: 10_000 });
  await settle(flow, flow.ask());
  expect(await settle(flow, flow.ask())).toMatchObject({ completion: ANSWER });
  expect(flow.sentAt).toEqual([0, 60_000]);
});

test('ends a request without an answer after the time limit, as a timeout', async () => {
  const flow = setup(['hang', { ms: 5, end: ANSWER }], { timeoutMs: 3000 });
  expect(await settle(flow, flow.ask())).toMatchObject({ latencyMs: 5 });
  expect(flow.results[0]).toMatchObject({ durationMs: 3000, result: { kind: 'timeout' } });
  expect(flow.clock.sleeping()).toBe(0);
});

test('stopping the run ends the wait between attempts at once, and counts the time waited', async () => {
  const flow = setup([{ ms: 0, end: failure('server', { retryAfterMs: 60_000 }) }]);
  const asking = flow.ask();
  await flow.clock.advance(5000);
  flow.stop.abort();
  expect(await settle(flow, asking)).toMatchObject({ kind: 'aborted' });
  expect(flow.clocks).toMatchObject({ attempts: 1, retryWaitMs: 5000 });
  expect(flow.clock.now()).toBe(5000);
  expect(flow.clock.sleeping()).toBe(0);
});

test('stopping the run lets requests in flight finish; aborting it ends them', async () => {
  const flow = setup([{ ms: 500, end: ANSWER }, 'hang']);
  const answered = flow.ask();
  const hanging = flow.ask();
  await flow.clock.advance(100);
  flow.stop.abort();
  await flow.clock.advance(400);
  expect(await answered).toMatchObject({ completion: ANSWER });
  flow.abort.abort();
  expect(await settle(flow, hanging)).toMatchObject({ kind: 'aborted' });
  expect(flow.clock.sleeping()).toBe(0);
});

test('fails a request whose media cannot be loaded before it is sent, and gives its permit back', async () => {
  const flow = setup([], { requestsPerMinute: 1 });
  expect(await settle(flow, flow.ask(showing(FILE)))).toMatchObject({ kind: 'media' });
  await settle(flow, flow.ask());
  expect(flow.sentAt).toEqual([0]);
  expect(flow.clocks.attempts).toBe(1);
});

test('leaves media behind a URL to the endpoint', async () => {
  const flow = setup([]);
  const asking = flow.ask(showing({ type: 'url', uri: 'https://example.com/a.png' }));
  expect(await settle(flow, asking)).toMatchObject({ completion: ANSWER });
});

test('reports an attempt after media and journal are ready, and before it is sent', async () => {
  const steps: string[] = [];
  const flow = setup(
    [],
    {},
    {
      media: {
        async load() {
          steps.push('media');
          return { mediaType: 'image/png', base64: Buffer.from(''), byteLength: 0 };
        },
      },
      ready: async () => void steps.push('journal'),
      onAttempt: (attempt) => steps.push(`note ${attempt}`),
      client: {
        async complete() {
          steps.push('send');
          return ANSWER;
        },
      },
    },
  );
  await settle(flow, flow.ask(showing(FILE)));
  expect(steps).toEqual(['media', 'journal', 'note 1', 'send']);
});

test('waits for the journal before each attempt, and sends nothing if the run stops meanwhile', async () => {
  const stalled = gate();
  const flow = setup([], {}, { ready: () => stalled.opened });
  const asking = flow.ask();
  await flow.clock.advance(1000);
  expect(flow.sentAt).toEqual([]);
  flow.stop.abort();
  stalled.open();
  expect(await settle(flow, asking)).toMatchObject({ kind: 'aborted' });
  expect(flow.sentAt).toEqual([]);
});

test('a bug of our own is not counted as a failure of the endpoint', async () => {
  const flow = setup([{ ms: 0, end: new TypeError('a bug') }], { concurrency: 1 });
  await expect(settle(flow, flow.ask())).rejects.toThrow(new TypeError('a bug'));
  expect(flow.clock.sleeping()).toBe(0);
  expect(await settle(flow, flow.ask())).toMatchObject({ completion: ANSWER });
});

test.each([
  ['a server error after work began', [failure('server', { status: 500 })], 1],
  ['a server that was too busy to start', [failure('server', { status: 503 })], 0],
  ['a throttled request', [failure('rate_limit')], 0],
  ['a stream that broke off, even if it reported usage', [failure('network', { usage: USAGE })], 1],
  ['a last failure that reports its usage', [failure('content_filter', { usage: USAGE })], 0],
  ['a last failure that reports no usage', [failure('content_filter')], 1],
  ['several in a row', [failure('timeout'), failure('network'), failure('server')], 3],
])('counts attempts that may have been billed without a report: %s', async (_what, failures, unseenBills) => {
  const flow = setup(failures.map((end) => ({ ms: 0, end })));
  await settle(flow, flow.ask());
  expect(flow.clocks.unseenBills).toBe(unseenBills);
});

test('without money for another attempt, retries only what cannot have been billed', async () => {
  const poor = { money: { isCovered: () => true, extend: () => false, onBill: async () => {} } };
  const free = setup([{ ms: 0, end: failure('server', { status: 503 }) }], {}, poor);
  const billed = setup([{ ms: 0, end: failure('server', { status: 500 }) }], {}, poor);
  expect(await settle(free, free.ask())).toMatchObject({ completion: ANSWER });
  expect(await settle(billed, billed.ask())).toMatchObject({ kind: 'server' });
  expect(billed.clock.now()).toBe(0);
});

test('fails the requests that wait when the model is stopped, without an attempt', async () => {
  const flow = setup(
    Array.from({ length: 40 }, () => ({ ms: 0, end: failure('network') })),
    { retries: 20 },
  );
  const first = flow.ask();
  await flow.clock.advance(30_000);
  const held: Clocks = { attempts: 0, unseenBills: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null };
  const second = askWithRetries(QUESTION, {}, flow.context, held).catch((error: unknown) => error);
  expect(await settle(flow, first)).toMatchObject({ kind: 'network' });
  expect(await second).toMatchObject({ kind: 'network', message: expect.stringContaining('the model was stopped') });
});
