/** Finds the two answers of each pair of models to a sample of the manifest. */

import { firstCompleted } from '../../compare/first-completed.ts';
import type { ComparisonPlan, LabelledModel, ModelPair } from '../../compare/plan-comparison.ts';
import { sampleKey } from '../../dataset/content-hash.ts';
import { openJournalReader } from '../../journal/journal-reader.ts';
import type { PreferenceLine } from '../../journal/lines/preference-line.ts';
import { sampleCard } from '../../plan/conversation.ts';
import type { Result } from '../../result.ts';
import { clusterOf } from '../../summary/tally.ts';
import type { Sample } from '../../types.ts';
import { wholeAnswer } from './pair-questions.ts';

/** Two answers to one sample; null = there is none. */
export interface PairedAnswers {
  readonly pair: ModelPair;
  readonly a: string | null;
  readonly b: string | null;
  /** What the journal line of a verdict says of them. */
  readonly names: Pick<PreferenceLine, 'sampleId' | 'sampleKey' | 'cluster' | 'a' | 'b'>;
}

export interface AnswerPairs {
  /** Empty for a sample that the runs do not have in common, or that asks something else today. */
  of(sample: Sample): readonly PairedAnswers[];
  close(): void;
}

export async function openAnswerPairs({ runs, common, pairs }: ComparisonPlan): Promise<AnswerPairs> {
  const readers = await Promise.all(runs.map(({ directory }) => openJournalReader(directory)));
  const table = runs.at(-1)?.samples;
  const positions = new Map(Array.from(common.b, (number, position) => [number, position]));
  const resultOf = (model: LabelledModel, sample: number | undefined) =>
    sample === undefined ? null : firstCompleted(model, sample, readers[model.runIndex]);
  return {
    of(sample) {
      const key = sampleKey(sample);
      const position = positions.get(table?.numberOf(key) ?? -1);
      if (position === undefined) return [];
      return pairs.flatMap((pair): readonly PairedAnswers[] => {
        const [a, b] = [resultOf(pair.a, common.a[position]), resultOf(pair.b, common.b[position])];
        const asked = b ?? a;
        if (asked === null || asked.sample.prompt !== sampleCard(sample).prompt) return [];
        const cluster = clusterOf(asked);
        const names = { sampleId: sample.id, sampleKey: key, cluster, a: nameOf(pair.a), b: nameOf(pair.b) };
        return [{ pair, a: answerOf(a), b: answerOf(b), names }];
      });
    },
    close() {
      for (const reader of readers) reader.close();
    },
  };
}

const answerOf = (result: Result | null) => wholeAnswer(result);

function nameOf({ run, model }: LabelledModel): PreferenceLine['a'] {
  return { runId: run.info.runId, modelId: model.info.id };
}
