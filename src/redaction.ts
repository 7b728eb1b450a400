/** What a run must never store or show. */

/** A value that must never be shown. */
export interface Secret {
  readonly value: string;
  /** What is shown instead. */
  readonly shown: string;
}

/** Hides secrets, also where they are escaped or encoded. Its members are functions, so that JSON of it holds none. */
export interface Redaction {
  hide(text: string): string;
  /** Hides them in all texts and member names of plain JSON; returns the same value when there was nothing to hide. */
  hideIn(value: unknown): unknown;
  secrets(): readonly Secret[];
}
