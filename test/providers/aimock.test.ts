/** Against a server that others wrote: every dialect is answered, and its faults are taken for what they are. */

import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FailureKind } from '../../src/result.ts';
import type { ModelConfig } from '../../src/types.ts';
import { ask, audio, dataMedia, document, failureOf, image, testModel, text, user } from '../helpers/ask.ts';

const mock = new LLMock({ port: 0, host: '127.0.0.1' });
let url = '';

const TOKENS = { type: 'tokens', input_tokens: 30, output_tokens: 6, total_tokens: 36 } as const;

beforeAll(async () => {
  mock.onMessage('capital', { content: 'The capital is Paris.' });
  mock.onTranscription({ transcription: { text: 'The capital is Paris.', duration: 2.5, usage: TOKENS } });
  url = await mock.start();
});
afterEach(() => {
  mock.clearChaos();
});
afterAll(async () => {
  await mock.stop();
});

const QUESTION = [user(text('What is the capital of France?'))];

const dialects: readonly [name: string, model: () => ModelConfig][] = [
  ['openai', () => testModel('openai', { endpoint: `${url}/v1` })],
  ['openai responses', () => testModel('openai', { endpoint: `${url}/v1`, api: 'responses' })],
  ['openai at a gateway', () => testModel('openai', { endpoint: `${url}/api/v1` })],
  ['azure /models', () => testModel('azure', { endpoint: `${url}/models` })],
  ['azure /openai/v1', () => testModel('azure', { endpoint: `${url}/openai/v1` })],
  ['azure deployments', () => testModel('azure', { endpoint: `${url}/openai/deployments/gpt` })],
  ['anthropic', () => testModel('anthropic', { endpoint: url })],
  ['google', () => testModel('google', { endpoint: url, model: 'gemini-x' })],
  ['local', () => testModel('local', { endpoint: `${url}/v1` })],
];

describe.each(dialects)('%s', (_name, model) => {
  test.each([false, true])('is answered, streamed: %s', async (stream) => {
    let first = 0;

    const completion = await ask({ ...model(), stream }, QUESTION, {
      onFirstToken: () => {
        first += 1;
      },
    });

    expect(completion).toMatchObject({ text: 'The capital is Paris.', finishReason: 'stop', refused: false });
    expect(first).toBe(stream ? 1 : 0);
  });

  test('is answered with an image', async () => {
    expect((await ask(model(), [user(text('The capital, please'), image())])).text).toBe('The capital is Paris.');
  });

  const faults: readonly [
    rate: 'rateLimitRate' | 'dropRate' | 'malformedRate' | 'disconnectRate',
    kind: FailureKind,
  ][] = [
    ['rateLimitRate', 'rate_limit'],
    ['dropRate', 'server'],
    ['malformedRate', 'invalid_response'],
    ['disconnectRate', 'network'],
  ];

  test.each(faults)('with %s is %s', async (rate, kind) => {
    mock.setChaos({ [rate]: 1 });

    expect((await failureOf(ask(model(), QUESTION))).kind).toBe(kind);
  });

  test('has no answer where nothing matches', async () => {
    expect((await failureOf(ask(model(), [user(text('unheard of'))]))).kind).toBe('bad_request');
  });
});

test('a clip is taken by the dialects that carry one', async () => {
  const question = [user(text('The capital, please'), audio())];
  const outcomes = await Promise.all(
    dialects.map(([, model]) =>
      ask(model(), question).then(
        ({ text: words }) => words,
        (error) => error.kind,
      ),
    ),
  );

  expect(outcomes).toEqual(
    dialects.map(([name]) =>
      ['anthropic', 'openai responses'].includes(name) ? 'unsupported' : 'The capital is Paris.',
    ),
  );
});

test.each(['openai', 'openai responses', 'azure /openai/v1', 'anthropic', 'google'])(
  '%s is answered about a document',
  async (name) => {
    const model = dialects.find(([dialect]) => dialect === name)?.[1];
    const pdf = dataMedia(Buffer.from('%PDF-1.4\n%%EOF\n'), 'application/pdf');

    const { text: words } = await ask(model?.() as ModelConfig, [user(text('The capital, please'), document(pdf))]);

    expect(words).toBe('The capital is Paris.');
  },
);

describe.each([
  ['/v1', 'openai'],
  ['/openai/v1', 'azure'],
  ['/openai/deployments/gpt', 'azure'],
])('transcription at %s', (path, dialect) => {
  const model = (more: Partial<ModelConfig> = {}) =>
    testModel('transcription', { dialect, endpoint: `${url}${path}`, ...more });

  test.each([false, true])('is answered, streamed: %s', async (stream) => {
    const completion = await ask(model({ stream }), [user(audio())]);

    expect(completion).toMatchObject({
      text: 'The capital is Paris.',
      usage: { promptTokens: 30, completionTokens: 6, totalTokens: 36 },
    });
  });

  test('tells the length of the clip in its long form', async () => {
    const completion = await ask(model({ params: { transcriptFormat: 'verbose_json' } }), [user(audio())]);

    expect(completion).toMatchObject({ text: 'The capital is Paris.', usage: { audioSeconds: 2.5 } });
  });

  test.each([
    ['rateLimitRate', 'rate_limit'],
    ['dropRate', 'server'],
    ['malformedRate', 'invalid_response'],
    ['disconnectRate', 'network'],
  ] as const)('with %s is %s', async (rate, kind) => {
    mock.setChaos({ [rate]: 1 });

    expect((await failureOf(ask(model(), [user(audio())]))).kind).toBe(kind);
  });
});

test('a rate limit comes with its wait and its limits', async () => {
  mock.setChaos({ rateLimitRate: 1 });

  const failure = await failureOf(ask(testModel('openai', { endpoint: `${url}/v1` }), QUESTION));

  expect(failure.details).toMatchObject({ status: 429, retryAfterMs: 1000 });
  expect(failure.details.rateLimit).toMatchObject({ resetRequestsMs: 1000, resetTokensMs: 360_000 });
});
