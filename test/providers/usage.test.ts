import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatUsage } from '../../src/providers/chat-usage.ts';
import { generateUsage } from '../../src/providers/generate-reply.ts';
import { messagesUsage } from '../../src/providers/messages-reply.ts';
import { NO_USAGE, type Usage } from '../../src/types.ts';

type Case = readonly [name: string, raw: unknown, expected: Partial<Usage>];

describe('of the OpenAI dialect', () => {
  const cases: readonly Case[] = [
    [
      'three counters',
      { prompt_tokens: 2380, completion_tokens: 126, total_tokens: 2506 },
      { promptTokens: 2380, completionTokens: 126, totalTokens: 2506 },
    ],
    ['no total', { prompt_tokens: 5, completion_tokens: 2 }, { promptTokens: 5, completionTokens: 2, totalTokens: 7 }],
    [
      'a null total',
      { prompt_tokens: 5, completion_tokens: 2, total_tokens: null },
      { promptTokens: 5, completionTokens: 2, totalTokens: 7 },
    ],
    ['no total and one part', { prompt_tokens: 5 }, { promptTokens: 5 }],
    [
      'a total that is none',
      { prompt_tokens: 5, completion_tokens: 2, total_tokens: '7' },
      { promptTokens: 5, completionTokens: 2 },
    ],
    [
      'a total above the sum of its parts',
      { prompt_tokens: 5, completion_tokens: 2, total_tokens: 9 },
      {
        promptTokens: 5,
        completionTokens: 4,
        totalTokens: 9,
        mismatch: { partsTokens: 7, reportedTokens: 9 },
      },
    ],
    [
      'a total below the sum of its parts',
      { prompt_tokens: 5, completion_tokens: 2, total_tokens: 0 },
      {
        promptTokens: 5,
        completionTokens: 2,
        totalTokens: 7,
        mismatch: { partsTokens: 7, reportedTokens: 0 },
      },
    ],
    [
      'reasoning beside the completion (xAI)',
      {
        prompt_tokens: 1000,
        completion_tokens: 100,
        total_tokens: 1500,
        completion_tokens_details: { reasoning_tokens: 400 },
      },
      { promptTokens: 1000, completionTokens: 500, totalTokens: 1500, reasoningTokens: 400 },
    ],
    [
      'more reasoning than completion, without a total',
      { prompt_tokens: 10, completion_tokens: 1, completion_tokens_details: { reasoning_tokens: 7 } },
      { promptTokens: 10, completionTokens: 8, totalTokens: 18, reasoningTokens: 7 },
    ],
    [
      'reasoning as part of the completion (OpenAI)',
      {
        prompt_tokens: 10,
        completion_tokens: 7,
        total_tokens: 17,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
      { promptTokens: 10, completionTokens: 7, totalTokens: 17, reasoningTokens: 7 },
    ],
    [
      'thoughts that only the total has (Gemini behind this protocol)',
      { prompt_tokens: 10, completion_tokens: 2, total_tokens: 30 },
      {
        promptTokens: 10,
        completionTokens: 20,
        totalTokens: 30,
        mismatch: { partsTokens: 12, reportedTokens: 30 },
      },
    ],
    [
      'cached tokens of DeepSeek',
      { prompt_tokens: 50, completion_tokens: 5, prompt_cache_hit_tokens: 20, prompt_cache_miss_tokens: 30 },
      { promptTokens: 50, completionTokens: 5, totalTokens: 55, cachedTokens: 20 },
    ],
    [
      'cached tokens of Moonshot beside a member that is always 0',
      { prompt_tokens: 50, cached_tokens: 20, prompt_tokens_details: { cached_tokens: 0 } },
      { promptTokens: 50, cachedTokens: 20 },
    ],
    [
      'cached and written tokens of a gateway to Anthropic',
      { prompt_tokens: 50, cache_read_input_tokens: 20, cache_creation_input_tokens: 8 },
      { promptTokens: 50, cachedTokens: 20, cacheWriteTokens: 8 },
    ],
    [
      'cached tokens that are none',
      { prompt_tokens: 50, prompt_cache_hit_tokens: '20', cached_tokens: -3 },
      { promptTokens: 50 },
    ],
    [
      'spoken tokens',
      { prompt_tokens: 20, completion_tokens: 30, completion_tokens_details: { audio_tokens: 25, text_tokens: 5 } },
      { promptTokens: 20, completionTokens: 30, totalTokens: 50, audioCompletionTokens: 25 },
    ],
    ['counts that no request has', { prompt_tokens: 9e15, completion_tokens: 1e9, total_tokens: 2 ** 60 }, {}],
    ['nothing', {}, {}],
    [
      'nulls',
      {
        prompt_tokens: null,
        completion_tokens: null,
        total_tokens: null,
        prompt_tokens_details: null,
        completion_tokens_details: null,
      },
      {},
    ],
    [
      'null members',
      { prompt_tokens: 1, prompt_tokens_details: { audio_tokens: null, cached_tokens: 0 } },
      { promptTokens: 1, cachedTokens: 0 },
    ],
    ['strings', { prompt_tokens: '12', completion_tokens: '3' }, {}],
    ['the numbers of a mock', { prompt_tokens: -2147483648, completion_tokens: -1, total_tokens: -2147483648 }, {}],
    [
      'fractions and giants',
      { prompt_tokens: 1.5, completion_tokens: 1e300, total_tokens: Number.POSITIVE_INFINITY },
      {},
    ],
    ['details that are no objects', { prompt_tokens_details: [1], completion_tokens_details: 'x' }, {}],
    [
      'every detail of OpenAI',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: {
          audio_tokens: 10,
          cached_tokens: 20,
          text_tokens: 30,
          image_tokens: 40,
          cache_write_tokens: 5,
        },
        completion_tokens_details: { reasoning_tokens: 25, audio_tokens: 0, accepted_prediction_tokens: 1 },
      },
      {
        promptTokens: 100,
        completionTokens: 50,
        totalTokens: 150,
        audioTokens: 10,
        cachedTokens: 20,
        textTokens: 30,
        imageTokens: 40,
        cacheWriteTokens: 5,
        reasoningTokens: 25,
      },
    ],
    [
      'media of vLLM',
      {
        prompt_tokens: 9,
        prompt_tokens_details: { cached_tokens: 1, created_cache_tokens: 2, multimodal_tokens: { image: 3, audio: 4 } },
      },
      { promptTokens: 9, cachedTokens: 1, cacheWriteTokens: 2, imageTokens: 3, audioTokens: 4 },
    ],
  ];

  test.each(cases)('reads %s', (_name, raw, expected) => {
    expect(chatUsage(raw)).toEqual({ ...NO_USAGE, raw, ...expected });
  });

  test.each([undefined, null, 'x', 3, []])('is none for %j', (raw) => {
    expect(chatUsage(raw)).toBeNull();
  });

  test('leaves out a raw object that is no usage by its size', () => {
    expect(chatUsage({ prompt_tokens: 1, padding: 'x'.repeat(10_000) })).toEqual({ ...NO_USAGE, promptTokens: 1 });
  });

  test('survives a raw object that is nested beyond the stack', () => {
    const nested = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);

    expect(chatUsage({ prompt_tokens: 1, nested })).toEqual({ ...NO_USAGE, promptTokens: 1 });
  });
});

describe('of the Messages dialect', () => {
  const cases: readonly Case[] = [
    [
      'two counters',
      { input_tokens: 10, output_tokens: 4 },
      { promptTokens: 10, completionTokens: 4, totalTokens: 14 },
    ],
    [
      'cached tokens, which stand beside the input',
      { input_tokens: 10, output_tokens: 4, cache_creation_input_tokens: 100, cache_read_input_tokens: 1000 },
      { promptTokens: 1110, completionTokens: 4, totalTokens: 1114, cacheWriteTokens: 100, cachedTokens: 1000 },
    ],
    [
      'null caches',
      { input_tokens: 10, output_tokens: 4, cache_creation_input_tokens: null, cache_read_input_tokens: null },
      { promptTokens: 10, completionTokens: 4, totalTokens: 14 },
    ],
    [
      'caches without an input',
      { cache_read_input_tokens: 5, output_tokens: 4 },
      { cachedTokens: 5, completionTokens: 4 },
    ],
    ['hostile values', { input_tokens: '10', output_tokens: -4 }, {}],
  ];

  test.each(cases)('reads %s', (_name, raw, expected) => {
    expect(messagesUsage(raw)).toEqual({ ...NO_USAGE, raw, ...expected });
  });

  test('is none without an object', () => {
    expect(messagesUsage(null)).toBeNull();
  });
});

describe('of generateContent', () => {
  const cases: readonly Case[] = [
    [
      'thoughts, which stand beside the candidates, and the split by modality',
      {
        promptTokenCount: 300,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 80,
        totalTokenCount: 400,
        cachedContentTokenCount: 7,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 10 },
          { modality: 'IMAGE', tokenCount: 258 },
          { modality: 'AUDIO', tokenCount: 32 },
        ],
      },
      {
        promptTokens: 300,
        completionTokens: 100,
        reasoningTokens: 80,
        totalTokens: 400,
        cachedTokens: 7,
        textTokens: 10,
        imageTokens: 258,
        audioTokens: 32,
      },
    ],
    [
      'thoughts alone',
      { promptTokenCount: 3, thoughtsTokenCount: 5 },
      { promptTokens: 3, completionTokens: 5, reasoningTokens: 5, totalTokens: 8 },
    ],
    [
      'tokens of tools',
      { promptTokenCount: 3, toolUsePromptTokenCount: 4, candidatesTokenCount: 1 },
      { promptTokens: 7, completionTokens: 1, totalTokens: 8 },
    ],
    [
      'hostile values',
      {
        promptTokenCount: -3,
        candidatesTokenCount: '1',
        promptTokensDetails: [null, { modality: 'IMAGE', tokenCount: '2' }],
      },
      {},
    ],
    ['details that are no list', { promptTokensDetails: { modality: 'IMAGE' } }, {}],
  ];

  test.each(cases)('reads %s', (_name, raw, expected) => {
    expect(generateUsage(raw)).toEqual({ ...NO_USAGE, raw, ...expected });
  });

  test('is none without an object', () => {
    expect(generateUsage([])).toBeNull();
  });
});

test.each([
  ['chat', chatUsage],
  ['messages', messagesUsage],
  ['generate', generateUsage],
])('every count of %s is null or a whole number of at least 0, whatever is sent', (_name, read) => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom(
          'prompt_tokens',
          'completion_tokens',
          'total_tokens',
          'input_tokens',
          'output_tokens',
          'promptTokenCount',
          'candidatesTokenCount',
          'thoughtsTokenCount',
          'totalTokenCount',
          'cache_read_input_tokens',
        ),
        fc.anything(),
      ),
      (raw) => {
        const { raw: _raw, ...counts } = read(raw) ?? {};
        const wrong = Object.values(counts).filter(
          (count) => count !== null && !(typeof count === 'number' && Number.isInteger(count) && count >= 0),
        );
        expect(wrong).toEqual([]);
      },
    ),
  );
});
