/** Runs the shared reference values of every metric that is built and says how many matched. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Score } from '../../src/result.ts';
import { americanSpelling } from '../../src/scorers/normalize/american-spelling.ts';
import { whisperBasic } from '../../src/scorers/normalize/whisper-basic.ts';
import { whisperEnglish } from '../../src/scorers/normalize/whisper-english.ts';
import { corpusFigure, createScorer } from '../../src/scorers/registry.ts';

const path = '../shared/vectors/scorer-vectors.json';

interface Vector {
  readonly metric: string;
  readonly prediction: string | readonly string[];
  readonly references: readonly (string | readonly string[])[];
  readonly expected: unknown;
  readonly tolerance?: number;
  readonly params?: Readonly<Record<string, unknown>>;
}

const sample = { id: 'vector', metadata: {} };
const list = (texts: string | readonly string[]) => (typeof texts === 'string' ? [texts] : texts);
const text = (texts: string | readonly string[]) => list(texts)[0] ?? '';

async function score(config: { name: string; [option: string]: unknown }, vector: Vector): Promise<Score> {
  return createScorer(config).score({
    answer: text(vector.prediction),
    target: vector.references.flatMap(list),
    sample,
  });
}

async function counts(vector: Vector) {
  const { counts } = await score({ name: 'wer' }, vector);
  const { hits = 0, errors = 0, reference = 0, substitutions = 0, insertions = 0 } = counts ?? {};
  return { hits, errors, reference, hypothesis: hits + substitutions + insertions };
}

const PICK: Readonly<Record<string, string>> = { begin: 'first', end: 'last', any: 'any' };

const METRICS: Readonly<Record<string, (vector: Vector) => unknown>> = {
  wer: async (vector) => (await score({ name: 'wer' }, vector)).raw,
  cer: async (vector) => (await score({ name: 'cer' }, vector)).raw,
  wer_whisper_en: async (vector) => (await score({ name: 'wer', normalizer: 'whisper-en' }, vector)).raw,
  wer_corpus: async ({ prediction, references, ...vector }) => {
    const sums: Record<string, number> = {};
    for (const [index, answer] of list(prediction).entries()) {
      const target = [references[index] ?? ''];
      const one = await score({ name: 'wer' }, { ...vector, prediction: answer, references: target });
      for (const [name, count] of Object.entries(one.counts ?? {})) sums[name] = (sums[name] ?? 0) + count;
    }
    return corpusFigure('wer', sums)?.raw;
  },
  mer: async (vector) => {
    const { hits, errors } = await counts(vector);
    return errors / (hits + errors);
  },
  wil: async (vector) => {
    const { hits, reference, hypothesis } = await counts(vector);
    return 1 - hits ** 2 / (reference * hypothesis);
  },
  numeric_match: async (vector) =>
    (await score({ name: 'numeric', pick: PICK[String(vector.params?.['location'])] }, vector)).value === 1,
  whisper_normalize_en: ({ prediction }) => whisperEnglish(text(prediction)),
  whisper_spelling_en: ({ prediction }) => americanSpelling(text(prediction)),
  whisper_normalize_basic: ({ prediction, params }) =>
    whisperBasic(text(prediction), {
      removeDiacritics: params?.['remove_diacritics'] === true,
      splitLetters: params?.['split_letters'] === true,
    }),
};

const vectors: readonly Vector[] = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];

describe.skipIf(vectors.length === 0)('shared reference values (skipped where ../shared is absent)', () => {
  test.each(Object.keys(METRICS))('matches every shared reference value of %s', async (metric) => {
    const own = vectors.filter((vector) => vector.metric === metric);

    const mismatches: unknown[] = [];
    for (const vector of own) {
      const got = await METRICS[metric]?.(vector);
      const same =
        typeof got === 'number' && typeof vector.expected === 'number'
          ? Math.abs(got - vector.expected) <= (vector.tolerance ?? 1e-9)
          : got === vector.expected;
      if (!same) mismatches.push({ ...vector, got });
    }
    process.stdout.write(`${metric} ${own.length - mismatches.length}/${own.length}\n`);

    expect(own.length).toBeGreaterThan(0);
    expect(mismatches).toEqual([]);
  });
});
