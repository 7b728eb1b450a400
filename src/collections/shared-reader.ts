/** One pass over a source for several readers, each at its own pace, e.g. the manifest for several models. */

/** Items kept for readers that are a little behind. One that falls further behind reads the source by itself. */
const MAX_KEPT = 1024;
/** Items that all have read are dropped so many at a time: kept longer, they would move to the old generation. */
const DROPPED_TOGETHER = 64;

export interface SharedReader<T> {
  /** Yields all items from the first. */
  read(): AsyncGenerator<T>;
}

/** `open` must yield the same items every time. */
export function createSharedReader<T>(open: () => AsyncIterable<T>, length = MAX_KEPT): SharedReader<T> {
  let source: AsyncIterator<T> | null = null;
  let kept: T[] = [];
  /** Index of the first kept item. */
  let base = 0;
  let ended = false;
  /** All readers left before the end: the source is closed, and a later reader opens it again by itself. */
  let isClosed = false;
  /** Every reader that reaches the failure must throw it, or it would take the items before it for all of them. */
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
    // Keep everything at first: other readers may be about to start.
    if (base === 0 && kept.length < length) return;
    let read = Number.POSITIVE_INFINITY;
    for (const { index } of readers) if (index >= base) read = Math.min(read, index - base);
    if (read >= DROPPED_TOGETHER) drop(Math.min(read, kept.length));
    // Drop half at a time: dropping one by one would move the whole array each time.
    else if (kept.length >= 2 * length) drop(length);
  };

  return {
    async *read() {
      const position = { index: 0 };
      readers.add(position);
      try {
        for (; position.index >= base; position.index += 1) {
          while (position.index >= base + kept.length && !ended && !isClosed) {
            pulling ??= pull().finally(() => {
              pulling = null;
            });
            await pulling;
          }
          // The other readers were too fast, or the source is closed.
          if (position.index < base || (isClosed && position.index >= base + kept.length)) break;
          const item = kept[position.index - base];
          if (item === undefined) return;
          yield item;
        }
      } finally {
        readers.delete(position);
        if (readers.size === 0 && !ended && source !== null) {
          isClosed = true;
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
