/** Compares the models of a run while it is running, by the longest prefix of the order that both models of a pair have. */

import { createPairedDecision } from '../../stats/sequential/paired-decision.ts';
import type { StoppingDecision } from '../../stopping-report.ts';

export interface DecidedPairsOptions {
  /** In configuration order; the first one is compared with each of the others. */
  readonly models: readonly string[];
  readonly samples: number;
  readonly margin: number | null;
  /** Of all pairs together. */
  readonly alpha: number;
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
  const [first = new Float64Array(), ...others] = scores;
  const alphaOfPair = alpha / Math.max(1, others.length);
  const pairs = others.map((second) => ({
    second,
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
      const [a = UNKNOWN, b = UNKNOWN] = [first[pair.prefix], pair.second[pair.prefix]];
      if (a === UNKNOWN || b === UNKNOWN) break;
      pair.prefix += 1;
      if (Number.isNaN(a) || Number.isNaN(b)) pair.dropped += 1;
      else pair.decision.add(b - a, samples - pair.dropped);
    }
    return pair.prefix > before;
  };
  const pairsOf = (modelIndex: number) => (modelIndex === 0 ? pairs : pairs.slice(modelIndex - 1, modelIndex));
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
      pairs.map(({ decision, prefix, dropped }, index) => {
        const [ciLow, ciHigh] = decision.interval();
        return {
          a: models[0] ?? '',
          b: models[index + 1] ?? '',
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
