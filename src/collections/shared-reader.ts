/** One pass over a source for several readers, each at its own pace, e.g. the manifest for several models. */

/** Items kept for readers that are a little behind. One that falls further behind reads the source by itself. */
const MAX_KEPT = 1024;
/** Items that all have read are dropped a few at a time: kept longer, they would move to the old generation. */
const DROPS_OF_KEPT = 16;

export interface SharedReader<T> {
  /** Yields all items from the first. */
  read(): AsyncGenerator<T>;
}

export interface SharingOptions {
  /** Items that are kept for readers that are behind, at least. */
  readonly maxKept?: number;
  /** How long a reader waits for another one that would fall too far behind; 0 (the default) = not at all. */
  readonly maxWaitMs?: number;
}

/** `open` must yield the same items every time. */
export function createSharedReader<T>(
  open: () => AsyncIterable<T>,
  { maxKept: length = MAX_KEPT, maxWaitMs = 0 }: SharingOptions = {},
): SharedReader<T> {
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
  /** Ends the wait of the readers that are ahead. */
  let wake: (() => void) | null = null;

  const drop = (count: number) => {
    kept = kept.slice(count);
    base += count;
  };
  /** Kept items that all readers of this pass have read. */
  const readByAll = () => {
    let read = Number.POSITIVE_INFINITY;
    for (const { index } of readers) if (index >= base) read = Math.min(read, index - base);
    return read;
  };
  const wouldLoseReader = () => kept.length >= 2 * length - 1 && readByAll() < length;
  const othersToFollow = async () => {
    if (maxWaitMs === 0 || !wouldLoseReader()) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, maxWaitMs);
    });
    clearTimeout(timer);
    wake = null;
  };
  const follow = () => {
    if (wake !== null && !wouldLoseReader()) wake();
  };
  const pull = async () => {
    await othersToFollow();
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
    const read = readByAll();
    if (read >= length / DROPS_OF_KEPT) drop(Math.min(read, kept.length));
    // Drop half at a time: dropping one by one would move the whole array each time.
    else if (kept.length >= 2 * length) drop(length);
  };

  return {
    async *read() {
      const position = { index: 0 };
      readers.add(position);
      try {
        while (position.index >= base) {
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
          position.index += 1;
          follow();
        }
      } finally {
        readers.delete(position);
        follow();
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
