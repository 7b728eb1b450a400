/** What judges preferred of two models' answers, as reports and comparisons show it. */

/** How often the answers of one model were preferred to those of another; over samples on which both answered. */
export interface PreferenceFigures {
  /** Labels of the models. */
  readonly a: string;
  readonly b: string;
  /** Id of the judge. */
  readonly judge: string;
  /** Of the instructions. */
  readonly promptHash: string;
  /** Samples with a verdict. */
  readonly n: number;
  /** Of these, B was preferred in both orders, A was, and neither was. */
  readonly winsB: number;
  readonly winsA: number;
  readonly ties: number;
  /** Ties because the verdict changed with the order, and because the answers are the same, which no judge was asked about. */
  readonly positionBias: number;
  readonly sameAnswer: number;
  /** Wins of B, a tie counting half, over `n`; bounds are null without an interval. */
  readonly winRate: {
    readonly value: number | null;
    readonly ciLow: number | null;
    readonly ciHigh: number | null;
    /** As in `summary.csv`. */
    readonly ciMethod: string;
  };
  /** Samples without a verdict, and why. */
  readonly missing: number;
  readonly reasons: readonly { readonly reason: string; readonly samples: number }[];
}
