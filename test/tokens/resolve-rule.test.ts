import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/errors.ts';
import { audioTokens } from '../../src/tokens/audio-tokens.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import {
  resolveAudioRule,
  resolveImageRule,
  resolveTextRule,
  tokenMappingProblem,
} from '../../src/tokens/resolve-rule.ts';

const SIZE = { width: 1024, height: 1024 };

describe('a mapping in the configuration', () => {
  test('names a rule for a deployment whose name says nothing', () => {
    expect(imageTokens({ model: 'prod-1', tokens: { image: 'phi-4-multimodal' } }, SIZE).expected).toBe(2625);
    expect(audioTokens({ model: 'prod-1', tokens: { audio: 'voxtral' } }, { seconds: 1 }).expected).toBe(376);
    expect(resolveTextRule({ model: 'prod-1', tokens: { text: 'phi-4' } }).name).toBe('phi-4');
  });

  test('wins over what the name says', () => {
    expect(imageTokens({ model: 'gpt-4o', tokens: { image: 'claude' } }, SIZE).expected).toBe(1369);
    expect(resolveAudioRule({ model: 'gpt-audio', tokens: { audio: 'gemini-audio' } })?.name).toBe('gemini-audio');
  });

  test('sets the constants of a rule', () => {
    const model = { model: 'prod-1', tokens: { image: 'openai-tiles base=2833 tile=5667' } };

    expect(imageTokens(model, SIZE).expected).toBe(25_501);
    expect(audioTokens({ model: 'x', tokens: { audio: 'voxtral chunk_seconds=0' } }, { seconds: 4 }).expected).toBe(51);
  });

  test('may name a model of the table instead', () => {
    expect(imageTokens({ model: 'prod-1', tokens: { image: 'gpt-4o-mini' } }, SIZE).expected).toBe(25_501);
    expect(audioTokens({ model: 'prod-1', tokens: { audio: 'gpt-audio' } }, { seconds: 2 }).expected).toBe(20);
    expect(resolveTextRule({ model: 'prod-1', tokens: { text: 'claude-opus-4-7' } }).name).toBe('claude-next');
  });

  test.each(['image', 'audio', 'text'] as const)('to an unknown %s rule is rejected', (kind) => {
    const problem = tokenMappingProblem({ model: 'gpt-4o', tokens: { [kind]: 'qwem-vl' } });

    expect(problem).toBeInstanceOf(InputError);
    expect(problem?.message).toContain(`"qwem-vl" is neither ${kind === 'text' ? 'a' : 'an'} ${kind} token rule`);
  });

  test('suggests the nearest rule', () => {
    expect(tokenMappingProblem({ model: 'x', tokens: { image: 'qwen-vk9' } })?.message).toContain('"qwen-vl"');
  });

  test('with a setting that the rule does not have is rejected', () => {
    const image = tokenMappingProblem({ model: 'x', tokens: { image: 'phi-4-multimodal dynamic_hdd=4' } });
    const audio = tokenMappingProblem({ model: 'x', tokens: { audio: 'qwen3-omni chunk=4' } });

    const text = tokenMappingProblem({ model: 'x', tokens: { text: 'phi-4 multiplier=2' } });
    const words = tokenMappingProblem({ model: 'x', tokens: { image: 'qwen-vl please' } });

    expect(image?.message).toContain('has no setting "dynamichdd"');
    expect(audio?.message).toContain('it has none');
    expect(text?.message).toContain('it has none');
    expect(words?.message).toContain('has no setting "please"');
  });

  test('with settings after a model is rejected: only rules have them', () => {
    const problem = tokenMappingProblem({ model: 'x', tokens: { image: 'gpt-4o base=2833' } });

    expect(problem?.message).toContain('"gpt-4o" is not an image token rule');
  });

  test('that is known has no problem', () => {
    expect(tokenMappingProblem({ model: 'x', tokens: { image: 'gpt-4o', text: 'openai' } })).toBeUndefined();
    expect(tokenMappingProblem({ model: 'x', tokens: { image: '' } })).toBeUndefined();
  });
});

describe('names', () => {
  test.each([
    ['o3-mini', null],
    ['o3', 'openai-tiles'],
    ['azure/o1', 'openai-tiles'],
    ['gpt-5-chat-latest', 'openai-tiles'],
    ['gpt-5.1-codex-mini', 'openai-patches'],
    ['gpt-6-luna', 'openai-patches'],
    ['computer-use-preview', 'openai-tiles'],
    ['claude-3-5-sonnet-20241022', 'claude'],
    ['claude-opus-4-20250514', 'claude'],
    ['gemini-1.5-pro', 'flat'],
    ['gemma-3n-e4b-it', 'gemma-3'],
    ['llama-3.3-70b-instruct', null],
    ['meta.llama3-2-90b-instruct-v1:0', 'llama-3.2-vision'],
    ['Qwen3.5-Omni', 'qwen-vl'],
    ['amazon.nova-2-lite-v1:0', 'flat'],
    ['phi-4-mini-instruct', null],
    ['gemini-flash-latest', 'gemini-3'],
    ['gemini-2.5-flash-latest', 'gemini-tiles'],
    ['ministral-8b-2512', 'mistral'],
    ['supernova-8b', null],
    ['whatever', null],
  ])('the images of %s are counted by %s', (model, rule) => {
    expect(resolveImageRule({ model })?.name ?? null).toBe(rule);
  });

  test.each([
    ['gpt4o', 'gpt-4o'],
    ['azure/gpt_4o', 'gpt-4o'],
    ['gpt4o-mini', 'gpt-4o-mini'],
    ['gpt-41-mini', 'gpt-4.1-mini'],
    ['gpt-4-1-nano', 'gpt-4.1-nano'],
    ['gpt-5-4-mini', 'gpt-5.4-mini'],
    ['gpt-5-2025-08-07', 'gpt-5'],
    ['gpt-5-mini-2025-08-07', 'gpt-5-mini'],
    ['Phi_4_multimodal_instruct', 'Phi-4-multimodal-instruct'],
    ['phi-3-5-vision', 'Phi-3.5-vision-instruct'],
    ['phi-35-vision', 'Phi-3.5-vision-instruct'],
    ['qwen2_5_vl', 'Qwen2.5-VL'],
    ['qwen2-5-vl-7b', 'Qwen2.5-VL'],
  ])('%s is spelled another way and counts as %s', (spelling, model) => {
    const size = { width: 1920, height: 1080 };

    expect(imageTokens(spelling, size)).toEqual(imageTokens(model, size));
    expect(imageTokens(spelling, size).rule).not.toBe('unknown');
    expect(resolveTextRule({ model: spelling })).toEqual(resolveTextRule({ model }));
  });

  test.each([
    ['claude-opus-4-7', 4784],
    ['claude-opus-4.8', 4784],
    ['claude-opus-4-20250514', 1568],
    ['claude-sonnet-4-5', 1568],
    ['claude-sonnet-5', 4784],
    ['claude-fable-5', 4784],
    ['claude-haiku-4-5@20251001', 1568],
    ['claude-3-7-sonnet', 1568],
  ])('%s takes up to %s tokens an image', (model, most) => {
    expect(imageTokens(model, { width: 8000, height: 8000 }).expected).toBeGreaterThan(most - 100);
    expect(imageTokens(model, { width: 8000, height: 8000 }).expected).toBeLessThanOrEqual(most);
  });

  test.each([
    ['gpt-4o-mini', 'openai'],
    ['o3', 'openai'],
    ['gpt-4-turbo', 'openai-cl100k'],
    ['gpt-35-turbo', 'openai-cl100k'],
    ['gpt-4-0613', 'openai-cl100k'],
    ['gpt-4-32k', 'openai-cl100k'],
    ['ministral-8b-2512', 'mistral'],
    ['gpt-5.4', 'openai-harmony'],
    ['Phi-4-multimodal-instruct', 'phi-4'],
    ['Phi-4', 'phi-4-14b'],
    ['Phi-3.5-vision-instruct', 'phi-3'],
    ['claude-haiku-4-5', 'claude'],
    ['gemini-2.5-flash', 'gemini'],
    ['Qwen2.5-VL-7B', 'qwen-2'],
    ['Qwen3-VL-8B', 'qwen'],
    ['InternVL3-8B', 'qwen'],
    ['meta/llama-4-scout', 'llama-4'],
    ['Llama-3.2-11B-Vision-Instruct', 'llama-3'],
    ['voxtral-small', 'mistral'],
    ['amazon.nova-pro-v1:0', 'nova'],
    ['supernova', 'unknown'],
    ['tinyllm', 'unknown'],
  ])('the text of %s is counted as %s', (model, rule) => {
    expect(resolveTextRule({ model }).name).toBe(rule);
  });
});
