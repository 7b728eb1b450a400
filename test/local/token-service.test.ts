import { beforeAll, expect, test } from 'vitest';
import { loadTokenService } from '../../src/local/token-service.ts';

let count: Awaited<ReturnType<typeof loadTokenService>>;

beforeAll(async () => {
  count = await loadTokenService();
});

test('counts prompts and answer in o200k tokens', async () => {
  const counted = await count({ prompts: ['hello world', 'hello world'], answer: 'hello world', maxTokens: null });
  expect(counted).toEqual({ promptTokens: 4, completionTokens: 2, answer: 'hello world', cut: false });
});

test('cuts the answer behind its last token and says so', async () => {
  const counted = await count({ prompts: [], answer: 'hello world again', maxTokens: 2 });
  expect(counted).toEqual({ promptTokens: 0, completionTokens: 2, answer: 'hello world', cut: true });
});

test('an answer of just the limit is whole', async () => {
  expect(await count({ prompts: [], answer: 'hello world', maxTokens: 2 })).toMatchObject({ cut: false });
});

test('an empty answer has its end mark', async () => {
  const counted = await count({ prompts: [], answer: '', maxTokens: null });
  expect(counted).toEqual({ promptTokens: 0, completionTokens: 1, answer: '', cut: false });
});

test('control tokens in a text are text', async () => {
  const { promptTokens } = await count({ prompts: ['<|endoftext|>'], answer: '', maxTokens: null });
  expect(promptTokens).toBeGreaterThan(1);
});
