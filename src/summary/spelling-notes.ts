/** Notices word error rates whose errors are mostly case and punctuation, which a normaliser levels. */

import type { Result, Score } from '../result.ts';
import { createScorer } from '../scorers/registry.ts';

/** Answers with errors that are looked at for each model. */
const MAX_ANSWERS = 200;

/** Fewer errors say nothing. */
const FEWEST_ERRORS = 5;

/** Case and punctuation are named when they are at least this part of the errors. */
const MOSTLY = 0.5;

/** Listens to a run. `sentences` gives one for each model whose errors are mostly case and punctuation. */
export interface SpellingNotes {
  onResult(result: Result): Promise<void>;
  sentences(): readonly string[];
}

interface Errors {
  answers: number;
  written: number;
  normalized: number;
}

export function createSpellingNotes(): SpellingNotes {
  const normalized = createScorer({ name: 'wer', normalizer: 'whisper-en' });
  const byModel = new Map<string, Errors>();
  return {
    async onResult(result) {
      const written = result.scores.find(isWordErrorRate);
      if (result.status !== 'completed' || written === undefined || !isSingleTurn(result)) return;
      const errors = byModel.get(result.modelId) ?? { answers: 0, written: 0, normalized: 0 };
      byModel.set(result.modelId, errors);
      if (errors.answers >= MAX_ANSWERS) return;
      errors.answers += 1;
      const { answer, sample, sampleId } = result;
      const input = { answer, target: sample.target, sample: { id: sampleId, metadata: sample.metadata } };
      const { counts } = await normalized.score(input);
      errors.written += written.counts?.['errors'] ?? 0;
      errors.normalized += counts?.['errors'] ?? 0;
    },
    sentences: () =>
      [...byModel].flatMap(([model, { written, normalized: left }]) => {
        const levelled = written - left;
        if (written < FEWEST_ERRORS || levelled < MOSTLY * written) return [];
        return [
          `${model}: ${levelled} of ${written} word errors are case, punctuation or spelling · write {name: wer, normalizer: whisper-en}`,
        ];
      }),
  };
}

const isWordErrorRate = ({ unit, counts }: Score) => unit === 'wer' && (counts?.['errors'] ?? 0) > 0;

/** The errors of several turns are summed, but the answers are not all in the sample's targets. */
const isSingleTurn = (result: Result) => result.status === 'completed' && result.earlierAnswers === undefined;
