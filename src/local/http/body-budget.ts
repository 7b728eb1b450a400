/** Bounds the bodies of all requests in flight together: each is small enough, but hundreds of them are not. */

/** Four of the largest bodies; parsed, they take about twice as much. */
export const MAX_BODIES_BYTES = 112 * 2 ** 20;

/** What one request holds, until it is answered. */
export interface BodyShare {
  /** Counts further bytes; false when there is no room for them, which are then not counted. */
  add(bytes: number): boolean;
  /** Gives all of it back; safe to call again. */
  release(): void;
}

export interface BodyBudget {
  /** Bytes that all requests hold. */
  readonly used: number;
  share(): BodyShare;
}

export function createBodyBudget(maxBytes: number): BodyBudget {
  let used = 0;
  return {
    get used() {
      return used;
    },
    share() {
      let own = 0;
      return {
        add(bytes) {
          if (used + bytes > maxBytes) return false;
          used += bytes;
          own += bytes;
          return true;
        },
        release() {
          used -= own;
          own = 0;
        },
      };
    },
  };
}
