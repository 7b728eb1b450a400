/** Seeded random numbers, so that the set is the same byte for byte each time. */

/** mulberry32: uniform in [0, 1). */
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Mean 0, deviation 1: the sum of twelve uniforms (Irwin-Hall), plain arithmetic on every machine. */
export function seededNormal(seed) {
  const random = seededRandom(seed);
  return () => {
    let sum = -6;
    for (let index = 0; index < 12; index += 1) sum += random();
    return sum;
  };
}
