/** Writes a count with its noun: `1 model`, `12,345 samples`. */

/** `many` is for nouns whose plural is not formed with s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
