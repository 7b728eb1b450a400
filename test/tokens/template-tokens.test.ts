import { expect, test } from 'vitest';
import { templateTokens } from '../../src/tokens/template-tokens.ts';
import { TEXT_RULES } from '../../src/tokens/text-rules.ts';
import type { ContentPart, Message } from '../../src/types.ts';

const text: ContentPart = { type: 'text', text: 'x' };
const image: ContentPart = { type: 'image', media: { type: 'url', uri: 'https://example.org/a.png' } };
const audio: ContentPart = { type: 'audio', media: { type: 'url', uri: 'https://example.org/a.wav' } };
const system: Message = { role: 'system', content: [text] };
const user: Message = { role: 'user', content: [text] };

test.each([
  ['openai', [system, user], 11],
  ['phi-4', [system, user], 5],
  ['phi-3', [system, user], 4],
  ['phi-3', [system], 4],
  ['qwen', [system, user], 13],
  ['qwen-2', [user], 19],
  ['qwen-2', [system, user], 13],
  ['llama-4', [user], 10],
  ['mistral', [system, user], 5],
  ['gemma', [{ role: 'user', content: [image, text] }], 13],
  ['qwen', [{ role: 'user', content: [image, audio, text] }], 12],
] as const)('%s adds its marks around %j', (name, messages, expected) => {
  const estimate = templateTokens(messages, TEXT_RULES[name], name);

  expect(estimate.expected).toBe(expected);
  expect(estimate.low).toBeLessThanOrEqual(expected);
  expect(estimate.high).toBeGreaterThanOrEqual(expected);
});

test('the overhead of an exact family has no band', () => {
  expect(templateTokens([user], TEXT_RULES.openai, 'openai')).toMatchObject({ low: 7, high: 7, confidence: 'exact' });
});
