import { setFlagsFromString } from 'node:v8';
import { expect, test } from 'vitest';
import { readChatReply } from '../../src/providers/chat-reply.ts';
import { readGenerateReply } from '../../src/providers/generate-reply.ts';
import { readMessagesReply } from '../../src/providers/messages-reply.ts';
import { priceUsage } from '../../src/tokens/price.ts';
import type { Completion } from '../../src/types.ts';
import { chatCompletion } from '../helpers/endpoint.ts';

setFlagsFromString('--allow-natives-syntax');
const haveSameMap = new Function('a', 'b', 'return %HaveSameMap(a, b)') as (a: object, b: object) => boolean;

const facts = { status: 200, headers: {}, now: 0 };
const CHAT = chatCompletion('yes');
const MESSAGES = {
  content: [{ type: 'text', text: 'yes' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 12, output_tokens: 3 },
};
const GENERATE = {
  candidates: [{ content: { parts: [{ text: 'yes' }] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 12, candidatesTokenCount: 3 },
};

test.each([
  ['chat completions', () => readChatReply(CHAT, facts)],
  ['messages', () => readMessagesReply(MESSAGES, facts)],
  ['generateContent', () => readGenerateReply(GENERATE, facts)],
])('all answers of %s, their usage and its price have one hidden class each', (_, read) => {
  // The first few are made the slow way, which hides the fault.
  const [first, second] = Array.from({ length: 1000 }, read).slice(-2) as [Completion, Completion];
  const price = () => priceUsage(second.usage ?? expect.fail('no usage'), { model: 'm' });
  expect(haveSameMap(first, second)).toBe(true);
  expect(haveSameMap(first.usage ?? {}, second.usage ?? { no: 'usage' })).toBe(true);
  const [one, other] = Array.from({ length: 1000 }, price).slice(-2);
  expect(haveSameMap(one ?? {}, other ?? { no: 'price' })).toBe(true);
});
