/** What judges will cost for the kept answers of a run, before they are asked. */

import { createRunEstimator } from '../../estimate/estimate-run.ts';
import { createEstimateSources } from '../../estimate/estimate-sources.ts';
import type { Forecast } from '../../estimate/forecast.ts';
import { openJournalReader } from '../../journal/journal-reader.ts';
import type { Progress } from '../../journal/resume.ts';
import type { Setup } from '../../plan/prepare.ts';
import { scoredAnswers } from '../../plan/scored-answers.ts';
import type { RunInfo } from '../../report.ts';
import type { Sample } from '../../types.ts';
import { createStoredAnswers, isSameQuestion } from './stored-answers.ts';

interface ToJudge {
  readonly directory: string;
  readonly info: Pick<RunInfo, 'models' | 'repeat'>;
  readonly progress: Pick<Progress, 'index' | 'judgements'>;
  /** With the judges, and the scorers of samples without their own. */
  readonly setup: Setup;
  /** Checked. */
  readonly samples: AsyncIterable<Sample>;
  readonly stop: AbortSignal;
}

/** Counts each question that the journal has no reply to, with the answer as it is. `cwd` has the folder `results/`. */
export async function forecastJudging(
  { directory, info, progress, setup, samples, stop }: ToJudge,
  cwd: string,
): Promise<Forecast> {
  const estimator = createRunEstimator({ ...setup, models: [] }, createEstimateSources(setup, cwd));
  const reader = await openJournalReader(directory);
  const stored = createStoredAnswers(reader, info, progress.index);
  const hasReply = (key: string) => progress.judgements.has(key);
  try {
    for await (const sample of samples) {
      if (stop.aborted) break;
      for (const { result } of stored.of(sample)) {
        const answers = isSameQuestion(result, sample) ? scoredAnswers(result, sample) : null;
        if (answers !== null) await estimator.addAnswered(sample, answers, hasReply);
      }
    }
    return estimator.estimate();
  } finally {
    reader.close();
  }
}
