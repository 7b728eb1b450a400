/** Typed arrays that grow while they are filled, for columns of a million cells. */

type Kind = Float64ArrayConstructor | Uint32ArrayConstructor | Uint8ArrayConstructor;

export interface GrowingNumbers<T extends Kind> {
  set(index: number, value: number): void;
  /** The fill value where nothing was set. */
  get(index: number): number;
  /** The first `length` numbers in an array of that length. */
  take(length: number): InstanceType<T>;
}

const INITIAL_LENGTH = 1024;

/** `fill` stands where nothing was set: NaN for a missing measurement, say. */
export function growingNumbers<T extends Kind>(kind: T, fill: number): GrowingNumbers<T> {
  const make = (length: number) => new kind(length).fill(fill);
  let numbers = make(INITIAL_LENGTH);
  const grow = (least: number, length: number) => {
    const old = numbers;
    numbers = make(Math.max(least, length));
    numbers.set(old.length > numbers.length ? old.subarray(0, numbers.length) : old);
  };
  return {
    set(index, value) {
      if (index >= numbers.length) grow(index + 1, 2 * numbers.length);
      numbers[index] = value;
    },
    get: (index) => numbers[index] ?? fill,
    take(length) {
      if (numbers.length < length) grow(length, length);
      return numbers.slice(0, length) as InstanceType<T>;
    },
  };
}
