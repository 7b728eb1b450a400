/** Whether two models give the same answers, which needs no targets. */

import { type Estimate, withoutInterval } from '../stats/estimate.ts';
import { cohenKappa } from '../stats/kappa.ts';
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
  const positions = Uint32Array.from(common.b.keys()).filter(
    (position) => firstAnswer(a, common.a[position] ?? 0) !== 0 && firstAnswer(b, common.b[position] ?? 0) !== 0,
  );
  if (positions.length === 0) return { share: withoutInterval(0, null, 'no values'), kappa: null };
  const answersA = Uint32Array.from(positions, (position) => firstAnswer(a, common.a[position] ?? 0));
  const answersB = Uint32Array.from(positions, (position) => firstAnswer(b, common.b[position] ?? 0));
  const same = Float64Array.from(answersA, (answer, index) => (answer === answersB[index] ? 1 : 0));
  const numbers = Uint32Array.from(positions, (position) => common.b[position] ?? 0);
  return {
    share: estimateScore(same, sharedClusters(numbers, b.run.samples.clusters) ?? null),
    kappa: areLabels(answersA, answersB) ? cohenKappa(answersA, answersB) : null,
  };
}

/** Fingerprint of the first answer among the repeats; 0 = there is none. */
export function firstAnswer({ model }: ModelOfRun, sample: number): number {
  for (let cell = sample * model.repeats; cell < (sample + 1) * model.repeats; cell += 1) {
    if (model.answers[cell] !== 0) return model.answers[cell] ?? 0;
  }
  return 0;
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
