/** Numbers that come one by one, 8 bytes each. */

import { free, freeable } from './freeable.ts';

export interface NumberList {
  push(value: number): void;
  /** A view of what is there in ascending order; it is sorted where it lies. */
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
