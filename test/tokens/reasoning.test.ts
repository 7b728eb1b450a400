import { expect, test } from 'vitest';
import { isReasoning } from '../../src/providers/chat-body.ts';
import { reasons } from '../../src/tokens/reasoning.ts';
import type { ModelConfig } from '../../src/types.ts';
import { testModel } from '../helpers/ask.ts';

const named = (model: string, more: Partial<ModelConfig> = {}) => testModel('openai', { model, ...more });

test.each([
  'o1',
  'o3',
  'o3-mini',
  'o4-mini',
  'openai/o4-mini-2025-04-16',
  'gpt-5',
  'gpt-5-mini',
  'gpt-5.2',
  'GPT_5_4-mini',
  'gpt-6',
  'gpt-oss-120b',
  'o4-mini-deep-research',
  'model-router',
  'gemini-2.5-pro',
  'models/gemini-2.5-flash-lite',
  'gemini-3-pro-preview',
  'gemini-3.5-flash',
  'gemini-flash-latest',
  'claude-sonnet-5',
  'anthropic.claude-opus-5-v1:0',
  'claude-haiku-5-5',
  'claude-fable-5',
  'anthropic/claude-3.7-sonnet:thinking',
  'deepseek-reasoner',
  'DeepSeek-R1-0528',
  'deepseek-r1-distill-qwen-32b',
  'mai-ds-r1',
  'grok-3-mini',
  'grok-4',
  'grok-4-fast-reasoning',
  'grok-4.6',
  'Phi-4-reasoning-plus',
  'QwQ-32B',
  'Qwen/Qwen3-8B',
  'qwen3:14b',
  'qwen3-235b-a22b-thinking-2507',
  'magistral-medium-2509',
  'kimi-k2-thinking',
  'Kimi-K2.5',
  'glm-4.6',
])('%s reasons', (model) => {
  expect(reasons(named(model))).toBe(true);
});

test.each([
  'gpt-4o',
  'gpt-4o-mini',
  'gpt-4.1',
  'gpt-audio-1.5',
  'gpt-5-chat-latest',
  'gemini-2.0-flash',
  'gemini-2.5-flash-image',
  'claude-3-5-sonnet-20241022',
  'claude-sonnet-4-5',
  'claude-opus-4-7',
  'deepseek-chat',
  'deepseek-v3.1',
  'grok-3',
  'grok-4-fast-non-reasoning',
  'Phi-4-multimodal-instruct',
  'Llama-4-Maverick-17B-128E-Instruct-FP8',
  'qwen2.5-vl-72b-instruct',
  'qwen3-30b-a3b-instruct-2507',
  'Qwen3-VL-8B-Instruct',
  'mistral-medium-2508',
  'kimi-k2-0905-preview',
  'llama-3.2-11b-vision',
  'my-deployment',
])('%s does not', (model) => {
  expect(reasons(named(model))).toBe(false);
});

test.each(['o1', 'o3-mini', 'o4-mini', 'gpt-5', 'gpt-5.1-codex-mini', 'gpt-6', 'gpt-12-nano'])(
  '%s gets the rules of reasoning models on the wire, and their length',
  (model) => {
    expect([isReasoning(named(model)), reasons(named(model))]).toEqual([true, true]);
  },
);

test('the setting of the model wins over everything', () => {
  expect(reasons(named('o4-mini', { reasoning: false }))).toBe(false);
  expect(reasons(named('plain', { reasoning: true, extraBody: { thinking: { type: 'disabled' } } }))).toBe(true);
});

test.each([
  ['claude-sonnet-4-5', { extraBody: { thinking: { type: 'enabled', budget_tokens: 4000 } } }, true],
  ['claude-opus-4-7', { extraBody: { thinking: { type: 'adaptive' } } }, true],
  ['claude-sonnet-5', { extraBody: { thinking: { type: 'disabled' } } }, false],
  ['gemini-2.5-flash', { extraBody: { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } } }, false],
  ['gemini-2.5-flash', { extraBody: { generationConfig: { thinkingConfig: { thinkingBudget: -1 } } } }, true],
  ['qwen3-8b', { extraBody: { chat_template_kwargs: { enable_thinking: false } } }, false],
  ['deepseek-v3.1', { extraBody: { chat_template_kwargs: { thinking: true } } }, true],
  ['qwen-plus', { extraBody: { enable_thinking: true } }, true],
  ['x-ai/grok-4-fast', { extraBody: { reasoning: { enabled: false } } }, false],
  ['anthropic/claude-sonnet-4.5', { extraBody: { reasoning: { max_tokens: 2000 } } }, true],
  ['gpt-5.1', { params: { reasoningEffort: 'none' } }, false],
  ['my-deployment', { params: { reasoningEffort: 'low' } }, true],
  ['my-deployment', { extraBody: { reasoning_effort: 'high' } }, true],
  ['my-deployment', { tokens: { text: 'o4-mini' } }, true],
  ['my-deployment', { extraBody: { thinking: null, reasoning: 'yes', enable_thinking: 'no' } }, false],
] as const)('%s with %j: %s', (model, more, expected) => {
  expect(reasons(named(model, more))).toBe(expected);
});
