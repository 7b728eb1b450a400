/** Slots for requests in flight over all models, and for the open cells of one model. */

export interface RequestSlots {
  isFree(): boolean;
  acquire(): void;
  /** Gives a place back. */
  release(): void;
  /** Called when there is a place after there was none. */
  onFree(listener: () => void): void;
}

/** `most` places, at least 1. */
export function createRequestSlots(most: number): RequestSlots {
  const listeners: (() => void)[] = [];
  let taken = 0;
  let first = 0;
  return {
    isFree: () => taken < most,
    acquire() {
      taken += 1;
    },
    release() {
      taken -= 1;
      if (taken !== most - 1) return;
      // Another begins each time: whoever hears first takes the place.
      first += 1;
      for (const index of listeners.keys()) listeners[(first + index) % listeners.length]?.();
    },
    onFree(listener) {
      listeners.push(listener);
    },
  };
}

export interface CellSlots {
  /** As many as requests may be in flight, and up to as many again that are away. */
  count(): number;
  /** Lends the cell's place until the wait is over. */
  lendDuring(wait: Promise<void>): Promise<void>;
  /** Tells when there are more or fewer. */
  onChange(listener: () => void): void;
  /** The concurrency changed. */
  onConcurrencyChange(): void;
}

export function createCellSlots(concurrency: () => number): CellSlots {
  const listeners: (() => void)[] = [];
  let lent = 0;
  const notify = () => {
    for (const listener of listeners) listener();
  };
  return {
    // Not more than as many again: an endpoint that fails at once must not meet all cells at once.
    count: () => concurrency() + Math.min(lent, concurrency()),
    async lendDuring(wait) {
      lent += 1;
      notify();
      await wait;
      lent -= 1;
      notify();
    },
    onChange(listener) {
      listeners.push(listener);
    },
    onConcurrencyChange: notify,
  };
}
