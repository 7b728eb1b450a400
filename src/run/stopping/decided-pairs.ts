/** Compares the models of a run while it is running, by the longest prefix of the order that both models of a pair have. */

import { createPairedDecision } from '../../stats/sequential/paired-decision.ts';
import type { StoppingDecision } from '../../stopping-report.ts';

export interface DecidedPairsOptions {
  /** In configuration order; `base` is the index of the model that it is compared with, for the first one its own. */
  readonly models: readonly StoppedModel[];
  readonly samples: number;
  readonly margin: number | null;
  /** Of all pairs together. */
  readonly alpha: number;
}

export interface StoppedModel {
  readonly id: string;
  readonly base: number;
}

export interface DecidedPairs {
  /** `score_all` of a model at a place of the order; null = it has none. The first one counts. Returns whether a prefix grew. */
  note(modelIndex: number, position: number, score: number | null): boolean;
  /** Whether no comparison needs the model any more. */
  isDecided(modelIndex: number): boolean;
  /** Length of the prefix that the model's undecided comparisons have used; all samples when there are none. */
  reached(modelIndex: number): number;
  decisions(): readonly StoppingDecision[];
}

const UNKNOWN = -1;

/** Uses 8 bytes a cell. */
export function createDecidedPairs({ models, samples, margin, alpha }: DecidedPairsOptions): DecidedPairs {
  /** By position: a score, NaN = it has none, `UNKNOWN` = not there yet. */
  const scores = models.map(() => new Float64Array(samples).fill(UNKNOWN));
  const compared = models.flatMap(({ base }, index) => (base === index ? [] : [{ a: base, b: index }]));
  const alphaOfPair = alpha / Math.max(1, compared.length);
  const pairs = compared.map(({ a, b }) => ({
    a,
    b,
    decision: createPairedDecision({ alpha: alphaOfPair, margin }),
    /** Length of the prefix that both models have. */
    prefix: 0,
    dropped: 0,
  }));
  type Pair = (typeof pairs)[number];
  const isOpen = ({ decision }: Pair) => decision.conclusion() === 'open';
  const advance = (pair: Pair): boolean => {
    const before = pair.prefix;
    while (pair.prefix < samples && isOpen(pair)) {
      const [a = UNKNOWN, b = UNKNOWN] = [pair.a, pair.b].map((index) => scores[index]?.[pair.prefix]);
      if (a === UNKNOWN || b === UNKNOWN) break;
      pair.prefix += 1;
      if (Number.isNaN(a) || Number.isNaN(b)) pair.dropped += 1;
      else pair.decision.add(b - a, samples - pair.dropped);
    }
    return pair.prefix > before;
  };
  const pairsOfModels = models.map((_, index) => pairs.filter(({ a, b }) => a === index || b === index));
  const pairsOf = (modelIndex: number) => pairsOfModels[modelIndex] ?? [];
  return {
    note(modelIndex, position, score) {
      const own = scores[modelIndex];
      if (own === undefined || position >= samples || own[position] !== UNKNOWN) return false;
      own[position] = score ?? Number.NaN;
      return pairsOf(modelIndex).map(advance).includes(true);
    },
    isDecided: (modelIndex) => !pairsOf(modelIndex).some(isOpen),
    reached(modelIndex) {
      const open = pairsOf(modelIndex).filter(isOpen);
      return open.length === 0 ? samples : Math.min(...open.map(({ prefix }) => prefix));
    },
    decisions: () =>
      pairs.map(({ a, b, decision, prefix, dropped }) => {
        const [ciLow, ciHigh] = decision.interval();
        return {
          a: models[a]?.id ?? '',
          b: models[b]?.id ?? '',
          conclusion: decision.conclusion(),
          samples: prefix,
          pairs: decision.count(),
          dropped,
          difference: decision.difference(),
          ciLow,
          ciHigh,
        };
      }),
  };
}
