/** One reading of the manifest for several models, each at its own pace. */

/** Samples kept for those who are a little behind; who falls further back reads the manifest again by itself. */
const TAPE_LENGTH = 1024;

export interface Tape<T> {
  /** All items from the first; each reader at its own pace. */
  reader(): AsyncGenerator<T>;
}

/** `open` must give the same items every time. */
export function createTape<T>(open: () => AsyncIterable<T>, length = TAPE_LENGTH): Tape<T> {
  let source: AsyncIterator<T> | null = null;
  let kept: T[] = [];
  /** Index of the first kept item. */
  let base = 0;
  let ended = false;
  let pulling: Promise<void> | null = null;

  const pull = async () => {
    source ??= open()[Symbol.asyncIterator]();
    const next = await source.next();
    if (next.done === true) {
      ended = true;
      return;
    }
    kept.push(next.value);
    // Dropped by halves: shifting one by one would move the whole array each time.
    if (kept.length >= 2 * length) {
      kept = kept.slice(length);
      base += length;
    }
  };

  return {
    async *reader() {
      for (let index = 0; ; index += 1) {
        if (index < base) {
          yield* skip(open(), index);
          return;
        }
        while (index >= base + kept.length && !ended) {
          pulling ??= pull().finally(() => {
            pulling = null;
          });
          await pulling;
        }
        if (index < base) {
          index -= 1;
          continue;
        }
        const item = kept[index - base];
        if (item === undefined) return;
        yield item;
      }
    },
  };
}

async function* skip<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let index = 0;
  for await (const item of items) {
    if (index >= count) yield item;
    index += 1;
  }
}
