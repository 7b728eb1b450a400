/** Finds the most frequent reason of each kind of failure of each model, in the endpoint's own words. */

import { type FailureReason, MAX_REASON } from '../report.ts';
import { FAILURE_KINDS, type Result } from '../result.ts';
import { cutText } from '../text/cut-text.ts';

/** Reasons counted for each model and kind; an endpoint that puts an id into each would take memory without end. */
const MAX_REASONS = 200;

interface KindCount {
  cells: number;
  /** By the message with its numbers levelled; the first message of each is shown. */
  readonly reasons: Map<string, { readonly message: string; cells: number }>;
}

export interface FailureReasons {
  add(result: Result): void;
  /** In configuration order, then in the order of `FAILURE_KINDS`. */
  list(): readonly FailureReason[];
}

/** `modelIds` in configuration order. */
export function createFailureReasons(modelIds: readonly string[]): FailureReasons {
  const counts = new Map<string, KindCount>();
  const keyOf = (model: string, kind: string) => `${kind} ${model}`;
  return {
    add(result) {
      if (result.status !== 'failed') return;
      const { kind, message } = result.failure;
      const key = keyOf(result.modelId, kind);
      const count = counts.get(key) ?? { cells: 0, reasons: new Map() };
      counts.set(key, count);
      count.cells += 1;
      const shown = cutText(message, MAX_REASON);
      const level = shown.replace(/\d+/g, '0');
      const reason = count.reasons.get(level);
      if (reason !== undefined) reason.cells += 1;
      else if (count.reasons.size < MAX_REASONS) count.reasons.set(level, { message: shown, cells: 1 });
    },
    list: () =>
      modelIds.flatMap((model) =>
        FAILURE_KINDS.flatMap((kind) => {
          const count = counts.get(keyOf(model, kind));
          if (count === undefined) return [];
          const [first, ...others] = count.reasons.values();
          if (first === undefined) return [];
          const { message, cells } = others.reduce((most, one) => (one.cells > most.cells ? one : most), first);
          return [{ model, kind, cells: count.cells, message, messageCells: cells }];
        }),
      ),
  };
}
