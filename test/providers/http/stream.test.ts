import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { chatFold } from '../../../src/providers/chat-stream.ts';
import { createStreamReader } from '../../../src/providers/http/stream.ts';
import type { FailureKind } from '../../../src/result.ts';
import type { Completion } from '../../../src/types.ts';
import { ask, failureOf, testModel } from '../../helpers/ask.ts';
import { drip, gate, type Reply, startEndpoint } from '../../helpers/endpoint.ts';

const SSE = { 'content-type': 'text/event-stream; charset=utf-8' };
const event = (value: unknown) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const delta = (content: string | null, more = {}) => ({
  id: 'c-1',
  model: 'served',
  choices: [{ index: 0, delta: { content }, ...more }],
});
const USAGE = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
const WHOLE = [
  { choices: [], prompt_filter_results: [] },
  delta('', { delta: { role: 'assistant', content: '' } }),
  delta('Größe: '),
  delta('🦊'),
  delta(null, { finish_reason: 'stop' }),
  { id: 'c-1', model: 'served', choices: [], usage: USAGE },
  '[DONE]',
];
const text = (events: readonly unknown[]) => events.map(event).join('');

async function streamed(reply: Reply, onFirstToken = () => {}): Promise<Completion> {
  await using endpoint = await startEndpoint({ headers: SSE, ...reply });
  return await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }), undefined, { onFirstToken });
}

describe('a stream', () => {
  test('is asked for with its usage', async () => {
    await using endpoint = await startEndpoint({ headers: SSE, body: text(WHOLE) });

    await ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }));

    expect(endpoint.requests[0]?.json).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  test('becomes the answer that an unstreamed one would be', async () => {
    expect(await streamed({ body: text(WHOLE) })).toEqual({
      text: 'Größe: 🦊',
      finishReason: 'stop',
      refused: false,
      usage: expect.objectContaining({ promptTokens: 9, completionTokens: 2, totalTokens: 11, raw: USAGE }),
      servedModel: 'served',
      requestId: 'c-1',
    });
  });

  test('is read whatever the pieces are in which it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (size) => {
        expect((await streamed({ chunks: drip(text(WHOLE), size) })).text).toBe('Größe: 🦊');
      }),
      { numRuns: 15 },
    );
  });

  test('is read one byte at a time', async () => {
    expect((await streamed({ chunks: drip(text(WHOLE)) })).text).toBe('Größe: 🦊');
  });

  test('may hold comments, names, blanks, foreign line ends and events of nothing', async () => {
    const body = `: OPENROUTER PROCESSING\n\nevent: message\r\nid: 7\r\n${event(delta('x')).replaceAll('\n', '\r\n')}data:\n\n${text(['[DONE]'])}`;

    expect((await streamed({ body })).text).toBe('x');
  });

  test('tells the first token once, when it comes and not before', async () => {
    const first = gate();
    const rest = gate();
    let calls = 0;
    const chunks = [
      event(WHOLE[0]),
      event(WHOLE[1]),
      event(delta('a')),
      rest.opened,
      event(delta('b')),
      event('[DONE]'),
    ];
    const answer = streamed({ chunks }, () => {
      calls += 1;
      first.open();
    });

    await first.opened;
    expect(calls).toBe(1);
    rest.open();

    expect((await answer).text).toBe('ab');
    expect(calls).toBe(1);
  });

  test.each([
    ['reasoning', { reasoning_content: 'hm' }],
    ['a refusal', { refusal: 'no' }],
  ])('counts %s as a first token', async (_name, content) => {
    let calls = 0;

    await streamed({ body: text([{ choices: [{ delta: content }] }, '[DONE]']) }, () => {
      calls += 1;
    });

    expect(calls).toBe(1);
  });

  test('of nothing but an end has no first token and an empty answer', async () => {
    let calls = 0;

    const completion = await streamed({ body: text([delta(null, { finish_reason: 'stop' }), '[DONE]']) }, () => {
      calls += 1;
    });

    expect([completion.text, calls]).toEqual(['', 0]);
  });

  test.each<readonly [name: string, events: readonly unknown[], text: string, finishReason: string]>([
    ['without [DONE]', [delta('a'), delta(null, { finish_reason: 'stop' })], 'a', 'stop'],
    ['without a finish reason', [delta('a'), '[DONE]'], 'a', 'unknown'],
    ['with more after [DONE]', [delta('a'), '[DONE]', delta('b')], 'a', 'unknown'],
    ['of whole messages', [{ choices: [{ message: { content: 'a' }, finish_reason: 'length' }] }], 'a', 'length'],
    [
      'of lists',
      [{ choices: [{ delta: { content: [{ type: 'text', text: 'a' }] }, finish_reason: 'stop' }] }],
      'a',
      'stop',
    ],
    [
      'of a tool',
      [{ choices: [{ delta: { tool_calls: [{ index: 0 }] }, finish_reason: 'tool_calls' }] }, '[DONE]'],
      '',
      'tool_calls',
    ],
  ])('%s is an answer', async (_name, events, expected, finishReason) => {
    const completion = await streamed({ body: text(events) });

    expect([completion.text, completion.finishReason]).toEqual([expected, finishReason]);
  });

  test('has no usage when none came', async () => {
    expect((await streamed({ body: text([delta('a'), '[DONE]']) })).usage).toBeNull();
  });

  test.each([null, '', {}, false])('may hold an error member %j in every event', async (error) => {
    const events = [{ error, ...delta('a') }, { choices: [{ delta: {}, finish_reason: 'stop', error }] }, '[DONE]'];

    expect((await streamed({ body: text(events) })).text).toBe('a');
  });

  test('with an empty finish reason in every event ends with the last one', async () => {
    const events = [delta('a', { finish_reason: '' }), delta('b', { finish_reason: 'MAX_TOKENS' })];

    expect(await streamed({ body: text(events) })).toMatchObject({ text: 'ab', finishReason: 'length' });
  });

  test('keeps reasoning apart', async () => {
    const events = [
      { choices: [{ delta: { reasoning_content: 'h' } }] },
      { choices: [{ delta: { reasoning: 'm' } }] },
      delta('a'),
      '[DONE]',
    ];

    expect(await streamed({ body: text(events) })).toMatchObject({ text: 'a', reasoning: 'hm' });
  });

  test('of a refusal is one', async () => {
    const events = [
      { choices: [{ delta: { refusal: 'I ' } }] },
      { choices: [{ delta: { refusal: 'cannot' }, finish_reason: 'stop' }] },
    ];

    expect(await streamed({ body: text(events) })).toMatchObject({ text: 'I cannot', refused: true });
  });

  test('that did not come as one is read all the same', async () => {
    const body = JSON.stringify({ choices: [{ message: { content: 'plain' }, finish_reason: 'stop' }] });

    expect((await streamed({ headers: { 'content-type': 'application/json' }, body })).text).toBe('plain');
  });
});

describe('a stream that is no answer', () => {
  const cases: readonly [
    name: string,
    reply: Reply,
    kind: FailureKind,
    partial: string | undefined,
    retryable?: boolean,
  ][] = [
    ['cut between events', { body: text([delta('half')]) }, 'network', 'half'],
    ['cut within an event', { body: `${text([delta('half')])}data: {"choi` }, 'network', 'half'],
    ['cut by a lost connection', { body: text([delta('half')]), reset: 'after' }, 'network', 'half'],
    ['with no event at all', { body: '' }, 'network', undefined],
    ['with [DONE] alone', { body: text(['[DONE]']) }, 'invalid_response', undefined],
    ['with an event that is no JSON', { body: text([delta('half'), '{"choi']) }, 'invalid_response', 'half', true],
    ['with an event that is no object', { body: text([delta('half'), '[1]']) }, 'invalid_response', 'half'],
    [
      'with an error inside',
      { body: text([delta('half'), { error: { code: 502, message: 'Upstream' } }]) },
      'server',
      'half',
    ],
    [
      'with an error that says nothing in an event of its own',
      { body: text([delta('half'), { error: {} }, '[DONE]']) },
      'server',
      'half',
    ],
    ['cut after an empty finish reason', { body: text([delta('half', { finish_reason: '' })]) }, 'network', 'half'],
    [
      'with an error event',
      { body: `${text([delta('half')])}event: error\ndata: {"message":"gone"}\n\n` },
      'server',
      'half',
    ],
    [
      'with a rate limit inside',
      { body: text([{ error: { type: 'rate_limit_error', message: 'Slow' } }]) },
      'rate_limit',
      undefined,
    ],
    [
      'with an error in its choice',
      { body: text([{ choices: [{ delta: {}, error: { code: 502, message: 'Upstream' } }] }, '[DONE]']) },
      'server',
      undefined,
    ],
    [
      'stopped by the content filter',
      { body: text([delta('half'), delta(null, { finish_reason: 'content_filter' }), '[DONE]']) },
      'content_filter',
      'half',
    ],
    [
      'of a filtered prompt',
      {
        body: text([
          { choices: [], prompt_filter_results: [{ content_filter_results: { hate: { filtered: true } } }] },
          '[DONE]',
        ]),
      },
      'content_filter',
      undefined,
    ],
    ['that never ends', { body: `data: ${'x'.repeat(25 * 2 ** 20)}` }, 'invalid_response', undefined],
    ['of status 429', { status: 429, body: text([{ error: { message: 'Slow' } }]) }, 'rate_limit', undefined],
  ];

  test.each(cases)('%s', async (_name, reply, kind, partial, retryable) => {
    const failure = await failureOf(streamed(reply));

    expect([failure.kind, failure.details.partial, failure.details.retryable]).toEqual([kind, partial, retryable]);
  });

  test('aborted half-way keeps what came', async () => {
    const { opened, open } = gate();
    const controller = new AbortController();
    await using endpoint = await startEndpoint({ headers: SSE, chunks: [event(delta('half')), new Promise(() => {})] });
    const outcome = failureOf(
      ask(testModel('openai', { endpoint: `${endpoint.url}/v1`, stream: true }), undefined, {
        signal: controller.signal,
        onFirstToken: open,
      }),
    );
    await opened;

    controller.abort(new DOMException('too slow', 'TimeoutError'));

    const failure = await outcome;
    expect([failure.kind, failure.message, failure.details.partial]).toEqual(['timeout', 'too slow', 'half']);
  });
});

describe('pieces of a byte', () => {
  const FACTS = { status: 200, headers: {}, now: 0 };
  const reader = () => createStreamReader(chatFold(), FACTS, (piece) => piece, undefined);

  test('are collected until their line ends', () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    const stream = reader();
    const bytes = Buffer.from(text([delta('🦊'.repeat(5000)), delta(null, { finish_reason: 'stop' })]));
    for (let at = 0; at < bytes.length; at += 1) stream.push(bytes.subarray(at, at + 1));

    expect(stream.partial()).toBe('🦊'.repeat(5000));
    expect(decode.mock.calls.length).toBeLessThan(20);
    decode.mockRestore();
  });

  test('and one large piece with a carriage return is fed in slices', () => {
    const decode = vi.spyOn(TextDecoder.prototype, 'decode');
    const stream = reader();
    stream.push(Buffer.from(`: a\r\n${event(delta('ab')).repeat(1000)}`));

    expect(stream.partial()).toBe('ab'.repeat(1000));
    expect(Math.max(...decode.mock.calls.map(([input]) => input?.byteLength ?? 0))).toBeLessThanOrEqual(8192);
    decode.mockRestore();
  });
});
