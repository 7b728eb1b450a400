/** One reading of the manifest for several models, each at its own pace. */

/** Samples kept for those who are a little behind; who falls further back reads the manifest again by itself. */
const MAX_KEPT = 1024;
/** What all have read is dropped so many at a time: kept any longer, it would outlive its generation in memory. */
const DROPPED_TOGETHER = 64;

export interface SharedReader<T> {
  /** All items from the first; each reader at its own pace. */
  read(): AsyncGenerator<T>;
}

/** `open` must give the same items every time. */
export function createSharedReader<T>(open: () => AsyncIterable<T>, length = MAX_KEPT): SharedReader<T> {
  let source: AsyncIterator<T> | null = null;
  let kept: T[] = [];
  /** Index of the first kept item. */
  let base = 0;
  let ended = false;
  /** All left before the end: the source is closed, and whoever comes now reads by itself. */
  let left = false;
  /** Whoever comes to the place where reading failed must learn of it: a shorter tape would pass for a whole one. */
  let broken: { readonly error: unknown } | null = null;
  let pulling: Promise<void> | null = null;
  const readers = new Set<{ index: number }>();

  const drop = (count: number) => {
    kept = kept.slice(count);
    base += count;
  };
  const pull = async () => {
    if (broken !== null) throw broken.error;
    source ??= open()[Symbol.asyncIterator]();
    const next = await source.next().catch((error: unknown) => {
      broken = { error };
      throw error;
    });
    if (next.done === true) {
      ended = true;
      return;
    }
    kept.push(next.value);
    // At first everything is kept: others may be about to begin.
    if (base === 0 && kept.length < length) return;
    let read = Number.POSITIVE_INFINITY;
    for (const { index } of readers) if (index >= base) read = Math.min(read, index - base);
    if (read >= DROPPED_TOGETHER) drop(Math.min(read, kept.length));
    // Dropped by halves: shifting one by one would move the whole array each time.
    else if (kept.length >= 2 * length) drop(length);
  };

  return {
    async *read() {
      const position = { index: 0 };
      readers.add(position);
      try {
        for (; position.index >= base; position.index += 1) {
          while (position.index >= base + kept.length && !ended && !left) {
            pulling ??= pull().finally(() => {
              pulling = null;
            });
            await pulling;
          }
          // The others were too fast, or have closed the source.
          if (position.index < base || (left && position.index >= base + kept.length)) break;
          const item = kept[position.index - base];
          if (item === undefined) return;
          yield item;
        }
      } finally {
        readers.delete(position);
        if (readers.size === 0 && !ended && source !== null) {
          left = true;
          await source.return?.();
        }
      }
      yield* skip(open(), position.index);
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
