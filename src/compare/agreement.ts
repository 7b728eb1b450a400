/** Whether two models give the same answers, which needs no targets. */

import { gatherWhole, keep, range } from '../collections/gather.ts';
import { cohenKappa } from '../stats/agreement/kappa.ts';
import { type Estimate, withoutInterval } from '../stats/estimate.ts';
import { estimateScore } from '../stats/mean.ts';
import { type CommonSamples, sharedClusters } from './pairs.ts';
import type { ModelOfRun } from './setting-differences.ts';

/** Agreement of two models on the samples that both answered. */
export interface Agreement {
  /** Share of the samples whose first answers are the same but for case and blanks. */
  readonly share: Estimate;
  /** Cohen's kappa, where the answers are labels: at most 50 different ones; null = they are texts. */
  readonly kappa: Estimate | null;
}

/** With more different answers, chance explains nothing and kappa is the share. */
const MOST_LABELS = 50;

export function agreementOf(a: ModelOfRun, b: ModelOfRun, common: CommonSamples): Agreement {
  const [allA, allB] = [firstAnswers(a, common.a), firstAnswers(b, common.b)];
  const positions = keep(range(common.b.length), (position) => allA[position] !== 0 && allB[position] !== 0);
  if (positions.length === 0) return { share: withoutInterval(0, null, 'no values'), kappa: null };
  const [answersA, answersB] = [gatherWhole(allA, positions), gatherWhole(allB, positions)];
  const same = new Float64Array(positions.length);
  for (let at = 0; at < same.length; at += 1) same[at] = answersA[at] === answersB[at] ? 1 : 0;
  const numbers = gatherWhole(common.b, positions);
  const clusters = sharedClusters(numbers, b.run.samples.clusters) ?? null;
  return {
    share: estimateScore(same, clusters),
    kappa: areLabels(answersA, answersB) ? cohenKappa(answersA, answersB, clusters) : null,
  };
}

/** Fingerprint of the first answer among the repeats; 0 = there is none. */
export function firstAnswer({ model }: ModelOfRun, sample: number): number {
  for (let cell = sample * model.repeats; cell < (sample + 1) * model.repeats; cell += 1) {
    if (model.answers[cell] !== 0) return model.answers[cell] ?? 0;
  }
  return 0;
}

function firstAnswers(model: ModelOfRun, samples: Uint32Array): Uint32Array {
  const answers = new Uint32Array(samples.length);
  for (let at = 0; at < samples.length; at += 1) answers[at] = firstAnswer(model, samples[at] ?? 0);
  return answers;
}

function areLabels(...lists: readonly Uint32Array[]): boolean {
  const labels = new Set<number>();
  for (const list of lists) {
    for (const label of list) {
      labels.add(label);
      if (labels.size > MOST_LABELS) return false;
    }
  }
  return true;
}
