/** How many cells of a model may be open: one that waits between two attempts lends its place to the next. */

export interface Places {
  /** As many as requests may be in flight, and up to as many again that are away. */
  count(): number;
  /** Lends the cell's place until the wait is over. */
  away(wait: Promise<void>): Promise<void>;
  /** Tells when there are more or fewer. */
  onChange(listener: () => void): void;
  /** The concurrency changed. */
  changed(): void;
}

export function createPlaces(concurrency: () => number): Places {
  const listeners: (() => void)[] = [];
  let away = 0;
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return {
    // Not more than as many again: an endpoint that fails at once must not meet all cells at once.
    count: () => concurrency() + Math.min(away, concurrency()),
    async away(wait) {
      away += 1;
      changed();
      await wait;
      away -= 1;
      changed();
    },
    onChange(listener) {
      listeners.push(listener);
    },
    changed,
  };
}
