/** A growing list of numbers with 8 bytes for each. */

import { free, freeable } from './freeable.ts';

export interface NumberList {
  push(value: number): void;
  /** A view of the numbers in ascending order; the list itself is sorted. */
  sorted(): Float64Array;
}

export function createNumberList(): NumberList {
  let numbers = freeable(Float64Array, 16);
  let length = 0;
  return {
    push(value) {
      if (length === numbers.length) {
        const grown = freeable(Float64Array, 2 * length);
        grown.set(numbers);
        free(numbers);
        numbers = grown;
      }
      numbers[length] = value;
      length += 1;
    },
    sorted: () => numbers.subarray(0, length).sort(),
  };
}
