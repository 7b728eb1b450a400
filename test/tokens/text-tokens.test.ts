import { encode as encodeCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode as encodeO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { TEXT_RULES, type TextRule } from '../../src/tokens/text-rules.ts';
import { countText, loadEncoding } from '../../src/tokens/text-tokens.ts';
import { mixedCorpus } from '../helpers/corpus.ts';

/** The reference tokenizer is a development dependency; its types are not needed for two functions. */
interface Tiktoken {
  readonly get_encoding: (name: string) => { encode_ordinary(text: string): Uint32Array; free(): void };
}
const isTiktoken = (module: unknown): module is Tiktoken =>
  typeof module === 'object' && module !== null && 'get_encoding' in module;
const REFERENCE = 'tiktoken';
const reference: unknown = await import(/* @vite-ignore */ REFERENCE).catch(() => null);
const tiktoken = isTiktoken(reference) ? reference : null;

const NOTHING_SPECIAL = { disallowedSpecial: new Set<string>() };
const MEGABYTE = 1_000_000;

describe.each([
  ['o200k', 'o200k_base', encodeO200k],
  ['cl100k', 'cl100k_base', encodeCl100k],
] as const)('%s', (encoding, name, encode) => {
  test.skipIf(tiktoken === null)(
    'gives the ids of tiktoken for a mixed corpus of 1 MB (skipped where tiktoken is not installed)',
    async () => {
      const texts = mixedCorpus(MEGABYTE);
      const count = await loadEncoding(encoding);
      const theirs = tiktoken?.get_encoding(name);

      const differing = texts.filter((text) => {
        const expected = [...(theirs?.encode_ordinary(text) ?? [])];
        const got = encode(text, NOTHING_SPECIAL);
        return count(text) !== expected.length || got.some((id, index) => id !== expected[index]);
      });
      theirs?.free();

      expect(texts.length).toBeGreaterThan(1000);
      expect(differing).toEqual([]);
    },
    60_000,
  );

  test('counts what it encodes for a mixed corpus', async () => {
    const count = await loadEncoding(encoding);

    const differing = mixedCorpus(100_000).filter((text) => count(text) !== encode(text, NOTHING_SPECIAL).length);

    expect(differing).toEqual([]);
  });

  test('text that looks like a special token is ordinary text', async () => {
    const count = await loadEncoding(encoding);

    expect(count('<|endoftext|>')).toBeGreaterThan(1);
    expect(count('<|im_start|>system<|im_sep|><|endofprompt|><|fim_prefix|>')).toBeGreaterThan(5);
  });

  test.each([
    ['equal letters', 'a'.repeat(300_000)],
    ['letters without a break', '字'.repeat(100_000)],
    ['emoji', '🦊'.repeat(50_000)],
    ['spaces', ' '.repeat(300_000)],
  ])('a very long run of %s is counted in time and nearly right', async (_what, run) => {
    const count = await loadEncoding(encoding);
    const part = run.slice(0, 1000);

    const ratio = count(run) / (count(part) * (run.length / part.length));

    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(1.6);
  });

  test('runs are never cut inside a character', async () => {
    const count = await loadEncoding(encoding);
    const whole = count('🦊'.repeat(512));

    expect(count(`a${'🦊'.repeat(1024)}`)).toBeLessThanOrEqual(2 * whole + 8);
  });
});

describe('countText', () => {
  test('an exact family has no band', async () => {
    const estimate = await countText('Hola. ¿Cómo estás?', TEXT_RULES['phi-4'], 'phi-4');

    expect(estimate).toEqual({ low: 6, expected: 6, high: 6, rule: 'phi-4', confidence: 'exact' });
  });

  test('another family is a factor with its band', async () => {
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
    const o200k = (await countText(text, TEXT_RULES.openai, 'openai')).expected;

    const claude = await countText(text, TEXT_RULES.claude, 'claude');

    expect(claude.expected).toBe(Math.round(o200k * 1.17));
    expect(claude.low).toBe(o200k);
    expect(claude.high).toBe(Math.ceil(o200k * 1.35));
  });

  test('text outside ASCII has a wider band', async () => {
    const hindi = await countText('मुझे बताओ कि यह क्या है।', TEXT_RULES.qwen, 'qwen');

    expect(hindi.high / hindi.expected).toBeGreaterThan(2);
  });

  test('a word is never estimated at nothing', async () => {
    expect((await countText('Hi', TEXT_RULES.unknown, 'unknown')).low).toBe(1);
  });

  test('no text costs nothing in every family', async () => {
    const rules: readonly (readonly [string, TextRule])[] = Object.entries(TEXT_RULES);

    const estimates = await Promise.all(rules.map(([name, rule]) => countText('', rule, name)));

    expect(estimates.map(({ low, expected, high }) => low + expected + high)).toEqual(rules.map(() => 0));
  });
});

test.each(Object.entries(TEXT_RULES) as readonly (readonly [string, TextRule])[])(
  'text rule %s is sourced and its bands hold its factor',
  (_name, rule) => {
    expect(rule.description).not.toBe('');
    expect(rule.source).not.toBe('');
    for (const [low, high] of [rule.band, rule.wideBand]) expect(low).toBeLessThanOrEqual(high);
    expect(rule.band[0]).toBeLessThanOrEqual(rule.multiplier);
    expect(rule.band[1]).toBeGreaterThanOrEqual(rule.multiplier);
    expect(rule.template.band.every((side) => side >= 0)).toBe(true);
  },
);
