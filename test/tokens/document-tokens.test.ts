import { expect, test } from 'vitest';
import { DOCUMENT_RULES } from '../../src/tokens/document-rules.ts';
import { documentTokens } from '../../src/tokens/document-tokens.ts';
import { imageTokens } from '../../src/tokens/image-tokens.ts';
import { resolveDocumentRule } from '../../src/tokens/resolve-rule.ts';
import { exactly } from '../../src/tokens/token-estimate.ts';
import { VIDEO_RULES, videoRuleOf, videoTokens } from '../../src/tokens/video-tokens.ts';

const LETTER = { width: 612, height: 792 };
const facts = { pageCount: 3, pages: [LETTER, LETTER, LETTER], texts: ['ab', '', 'abcd'] };
const countText = (text: string) => exactly(text.length, 'letters');
const tokens = (model: string, known: typeof facts | null = facts) => documentTokens({ model }, known, countText);

test.each([
  ['gemini-2.5-flash', 'gemini-pages'],
  ['gemini-3-pro-preview', 'gemini-3-pages'],
  ['gemini-flash-latest', 'gemini-3-pages'],
  ['claude-sonnet-4-5', 'claude-pages'],
  ['my-gpt-4o', 'openai-pages'],
  ['o3', 'openai-pages'],
  ['qwen2.5-vl-7b', null],
])('documents of %s are counted by %s', (model, name) => {
  expect(resolveDocumentRule({ model })?.name ?? null).toBe(name);
});

test('each page of a Gemini model has the same number', () => {
  expect(tokens('gemini-2.5-flash').image).toMatchObject({ low: 774, expected: 774, high: 774, rule: 'gemini-pages' });
  expect(tokens('gemini-3-pro').image).toMatchObject({ low: 840, expected: 1680, high: 3360 });
  expect(tokens('gemini-2.5-flash').text.expected).toBe(0);
});

test.each([
  ['claude-sonnet-4-5', 1212, 1568],
  ['gpt-4o', 1024, 1325],
])('a document of %s is its text and an image of each page', (model, width, height) => {
  const { text, image } = tokens(model);
  const page = imageTokens(model, { width, height }).expected;

  expect(text).toMatchObject({ low: 6, expected: 6, high: 6 });
  expect(image.expected).toBe(3 * page);
  expect(image.low).toBeLessThan(3 * page);
  expect(image.high).toBeGreaterThan(3 * page);
  expect(image.confidence).toBe('rough');
});

test.each([
  ['claude-pages', tokens('claude-sonnet-4-5').text.expected, 'claude-pages'],
  ['gemini-2.5-flash', 0, 'gemini-pages'],
  ['flat', 0, 'flat'],
  ['text', 6, 'none'],
])('the configuration %s counts the documents of a deployment', (document, text, rule) => {
  const counted = documentTokens({ model: 'my-deployment', tokens: { document } }, facts, countText);

  expect([counted.text.expected, counted.image.rule]).toEqual([text, rule]);
});

test('the tokens of a page may be configured', () => {
  const model = { model: 'gpt-4o', tokens: { document: 'flat tokens=1000' } };

  expect(documentTokens(model, facts, countText).image).toMatchObject({ low: 3000, expected: 3000, high: 3000 });
});

test('pages whose size was not read count as those that were', () => {
  const many = { ...facts, pageCount: 3000 };

  expect(tokens('gpt-4o', many).image.expected).toBe(1000 * tokens('gpt-4o').image.expected);
});

test('a document that is not available, or of an unknown family, is a guess within a wide band', () => {
  for (const { text, image } of [tokens('gpt-4o', null), tokens('gemini-2.5-flash', null), tokens('some-model')]) {
    expect(image.confidence).toBe('guess');
    expect(image.high).toBeGreaterThan(2 * image.expected);
    expect(text.low).toBeLessThanOrEqual(text.expected);
  }
  expect(tokens('some-model').image.rule).toBe('unknown');
});

test.each([
  ['gemini-2.5-flash', 'gemini-video', 1578, 176],
  ['gemini-3-pro', 'gemini-3-video', 420, 137],
])('a video of %s has tokens for each second and for its sound', (model, rule, pictures, sound) => {
  const { image, audio } = videoTokens({ model }, { seconds: 5.5, hasSound: true });

  expect(videoRuleOf({ model })?.name).toBe(rule);
  expect(image).toMatchObject({ expected: pictures, rule });
  expect(audio.expected).toBe(sound);
  expect(videoTokens({ model }, { seconds: 5.5, hasSound: false }).audio.expected).toBe(0);
});

test('a video without a rule is a guess, and its sound is not counted', () => {
  const { image, audio } = videoTokens({ model: 'qwen2.5-vl-7b' }, { seconds: 2, hasSound: true });

  expect(image).toMatchObject({ low: 32, high: 8192, rule: 'unknown', confidence: 'guess' });
  expect(audio.expected).toBe(0);
  expect(videoTokens({ model: 'gemini-2.5-pro' }, null).image.confidence).toBe('guess');
});

test('every rule names its source', () => {
  const ofModels = DOCUMENT_RULES.filter(({ models }) => models !== undefined);
  for (const { source } of [...ofModels, ...VIDEO_RULES]) expect(source).toMatch(/^\S+\.\S+, \S/);
});
