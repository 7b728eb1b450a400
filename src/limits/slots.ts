/** Slots for requests in flight over all models, and for the open cells of one model. */

export interface Slots {
  isFree(): boolean;
  take(): void;
  /** Gives a place back. */
  leave(): void;
  /** Called when there is a place after there was none. */
  onFree(listener: () => void): void;
}

/** `most` places, at least 1. */
export function createSlots(most: number): Slots {
  const listeners: (() => void)[] = [];
  let [taken, first] = [0, 0];
  return {
    isFree: () => taken < most,
    take() {
      taken += 1;
    },
    leave() {
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
