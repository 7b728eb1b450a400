/** Checks of what a statistic is given: a wrong value is a bug of the caller and must not become a figure. */

/** Throws a RangeError unless every value is a finite number; a missing value must be left out by the caller. */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let index = 0; index < values.length; index += 1) {
    if (!Number.isFinite(values[index])) {
      throw new RangeError(`${name}[${index}] is ${values[index]}; every value must be a finite number`);
    }
  }
}

/** Throws a RangeError unless two lists describe the same observations. */
export function requireSameLength(name: string, length: number, wanted: number): void {
  if (length !== wanted) throw new RangeError(`${name} has ${length} entries for ${wanted} values`);
}

/** Throws a RangeError unless the value is a whole number from `least` to `most`. */
export function requireCount(name: string, value: number, least = 0, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new RangeError(`${name} is ${value}; it must be a whole number ${range}`);
}

/** Throws a RangeError unless the value lies strictly between two bounds. */
export function requireBetween(name: string, value: number, low: number, high: number): void {
  if (!(value > low && value < high)) {
    throw new RangeError(`${name} is ${value}; it must be above ${low} and below ${high}`);
  }
}
