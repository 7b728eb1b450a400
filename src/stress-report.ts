/** How the quality of a model falls as its media get worse. */

import type { StressKind } from './stress-kinds.ts';

/** A model as a step of a stress test. */
export interface StressOf {
  /** Id of the model whose media are not changed. */
  readonly base: string;
  readonly kind: StressKind;
  /** In the unit of the kind. */
  readonly level: number;
}

/** One step, compared with the model as it is on the samples that both have. */
export interface StressStep {
  /** Id of the model, `<base>@<kind>-<level>`. */
  readonly model: string;
  readonly level: number;
  /** Samples that were scored for both. */
  readonly n: number;
  /** Mean `score_all` of the step on them; null = none. */
  readonly score: number | null;
  /** Step less the model as it is; null = no pairs. */
  readonly difference: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Adjusted for the number of steps by Holm's method; null = not tested. */
  readonly pHolm: number | null;
  /** Whether the step is worse, also after the adjustment. */
  readonly isRealDrop: boolean;
  /** Mean of the answers; null = not reported. */
  readonly promptTokens: number | null;
  /** Mean of the answers; null = unpriced. */
  readonly costUsd: number | null;
}

/** One kind of stress of one model. */
export interface StressCurve {
  /** Id of the model as it is. */
  readonly base: string;
  readonly kind: StressKind;
  /** What a level is. */
  readonly label: string;
  /** Mean `score_all` of the model as it is, on the samples that have the medium; null = none. */
  readonly score: number | null;
  readonly promptTokens: number | null;
  readonly costUsd: number | null;
  /** The mildest first. */
  readonly steps: readonly StressStep[];
  /** Level of the first step at which the drop is real; null = of none. */
  readonly breaksAt: number | null;
}
