/** Slots for the requests in flight over all models, and for the open cells of one model. */

export interface RequestSlots {
  isFree(): boolean;
  acquire(): void;
  release(): void;
  /** Called when a slot becomes free after all were taken. */
  onFree(listener: () => void): void;
}

/** `most` slots, at least 1. */
export function createRequestSlots(most: number): RequestSlots {
  const listeners: (() => void)[] = [];
  let taken = 0;
  /** The listener that was called first the last time. */
  let first = 0;
  return {
    isFree: () => taken < most,
    acquire() {
      taken += 1;
    },
    release() {
      taken -= 1;
      if (taken !== most - 1) return;
      // Start with another model each time: the first one called takes the slot.
      first += 1;
      for (const index of listeners.keys()) listeners[(first + index) % listeners.length]?.();
    },
    onFree(listener) {
      listeners.push(listener);
    },
  };
}

/** A slot of each: of all models together, and of the models that one engine serves. */
export function bothSlots(all: RequestSlots, engine: RequestSlots): RequestSlots {
  return {
    isFree: () => all.isFree() && engine.isFree(),
    acquire() {
      all.acquire();
      engine.acquire();
    },
    release() {
      engine.release();
      all.release();
    },
    onFree(listener) {
      all.onFree(listener);
      engine.onFree(listener);
    },
  };
}

/** How many cells of a model may be open. A cell that waits between two attempts lends its slot to another one. */
export interface CellSlots {
  /** The concurrency plus the slots that are lent, at most twice the concurrency. */
  count(): number;
  /** Lends the slot of the calling cell until `wait` ends. */
  lendDuring(wait: Promise<void>): Promise<void>;
  /** Called when `count` may have changed, until the returned function is called. */
  onChange(listener: () => void): () => void;
  /** To be called when the concurrency changed. */
  onConcurrencyChange(): void;
}

export function createCellSlots(concurrency: () => number): CellSlots {
  const listeners = new Set<() => void>();
  let lent = 0;
  const notify = () => {
    for (const listener of listeners) listener();
  };
  return {
    // At most twice: an endpoint that fails at once would otherwise be sent all cells of the run in a moment.
    count: () => concurrency() + Math.min(lent, concurrency()),
    async lendDuring(wait) {
      lent += 1;
      notify();
      await wait;
      lent -= 1;
      notify();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onConcurrencyChange: notify,
  };
}
