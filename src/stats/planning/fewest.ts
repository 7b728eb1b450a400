/** Finds the smallest whole number from which on a condition holds. */

/** At least `least`; `isEnough` stays true once it is, and `guess` is where it may change. */
export function fewest(least: number, guess: number, isEnough: (n: number) => boolean): number {
  let many = Math.max(least, Math.ceil(guess));
  let few = least - 1;
  while (!isEnough(many)) {
    few = many;
    many = Math.ceil(many * 1.1) + 1;
  }
  while (many - few > 1) {
    const middle = few + Math.floor((many - few) / 2);
    if (isEnough(middle)) many = middle;
    else few = middle;
  }
  return many;
}
