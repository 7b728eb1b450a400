/** Places for requests in flight over all models; each model in its turn hears when there is one again. */

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
