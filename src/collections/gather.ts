/** Picks numbers of columns; `TypedArray.from` with a function takes ten times as long. */

/** `values` at these indexes. */
export function gather(values: ArrayLike<number>, indexes: Uint32Array): Float64Array {
  const result = new Float64Array(indexes.length);
  for (let at = 0; at < indexes.length; at += 1) result[at] = values[indexes[at] ?? 0] ?? Number.NaN;
  return result;
}

/** The same for whole numbers. */
export function gatherWhole(values: ArrayLike<number>, indexes: Uint32Array): Uint32Array {
  const result = new Uint32Array(indexes.length);
  for (let at = 0; at < indexes.length; at += 1) result[at] = values[indexes[at] ?? 0] ?? 0;
  return result;
}

/** 0, 1, 2, ... */
export function range(length: number): Uint32Array {
  const result = new Uint32Array(length);
  for (let at = 0; at < length; at += 1) result[at] = at;
  return result;
}

/** The numbers that pass, in an array of their own. */
export function keep(numbers: Uint32Array, isKept: (number: number) => boolean): Uint32Array {
  const result = new Uint32Array(numbers.length);
  let kept = 0;
  for (let at = 0; at < numbers.length; at += 1) {
    const number = numbers[at] ?? 0;
    if (!isKept(number)) continue;
    result[kept] = number;
    kept += 1;
  }
  return result.slice(0, kept);
}
