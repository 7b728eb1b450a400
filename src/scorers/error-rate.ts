/** Shared by word and character error rate: edits divided by the reference's length, pooled over a corpus. */

import { z } from 'zod';
import { countEdits } from './edit-distance.ts';
import { NORMALIZERS, normalizerOption } from './normalize/normalizers.ts';
import { defineScorer, type Figure, type ScorerFactory } from './scorer.ts';

/** Edits divided by the reference's length; for an empty reference the number of insertions (as in jiwer). Can exceed 1. */
function errorRate(counts: Readonly<Record<string, number>>): Figure {
  const errors = counts['errors'] ?? 0;
  const reference = counts['reference'] ?? 0;
  const raw = reference === 0 ? errors : errors / reference;
  return { raw, value: Math.max(0, 1 - raw) };
}

/** Makes an error-rate scorer for texts split by `split`; of several targets the one with the lowest rate counts. */
export function defineErrorRate(spec: {
  readonly name: string;
  readonly description: string;
  readonly split: (text: string) => readonly string[];
}): ScorerFactory {
  return defineScorer({
    name: spec.name,
    unit: spec.name,
    description: spec.description,
    options: z.strictObject({ normalizer: normalizerOption('none') }),
    pool: errorRate,
    ratio: ({ errors = 0, reference = 0 }) => ({ numerator: errors, denominator: reference }),
    create(options) {
      const pieces = (text: string) => spec.split(NORMALIZERS[options.normalizer](text));
      return ({ answer, target }) => {
        const hypothesis = pieces(answer);
        const judgements = target.map((text) => judge(pieces(text), hypothesis));
        return judgements.reduce((best, next) => (next.raw < best.raw ? next : best));
      };
    },
  });
}

function judge(reference: readonly string[], hypothesis: readonly string[]) {
  const edits = countEdits(reference, hypothesis);
  const errors = edits.substitutions + edits.deletions + edits.insertions;
  const counts = { errors, ...edits, reference: reference.length };
  return { ...errorRate(counts), counts };
}
