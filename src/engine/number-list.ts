/** Numbers that come one by one, 8 bytes each. */

export interface NumberList {
  push(value: number): void;
  readonly length: () => number;
  /** A view of what is there; further pushes may leave it behind. */
  values(): Float64Array;
}

export function createNumberList(): NumberList {
  let numbers = new Float64Array(16);
  let length = 0;
  return {
    push(value) {
      if (length === numbers.length) {
        const grown = new Float64Array(2 * length);
        grown.set(numbers);
        numbers = grown;
      }
      numbers[length] = value;
      length += 1;
    },
    length: () => length,
    values: () => numbers.subarray(0, length),
  };
}
