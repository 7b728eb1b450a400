/** Groups the fsyncs of a file: one runs at a time, after 64 lines or a tenth of a second. */

/** Most lines between two fsyncs, and the longest that a written line waits for one. */
const SYNC_LINES = 64;
const SYNC_MS = 100;

export interface GroupedSync {
  /** Counts a written line; `syncWhenDue` must follow. */
  addLine(): void;
  /** Starts an fsync when enough lines were written, or makes sure that one starts soon. */
  syncWhenDue(): void;
  readonly isRunning: () => boolean;
  /** Resolves when every line that was written before this call is synced. */
  finish(): Promise<void>;
}

/** `sync` starts one fsync; `onFailed` gets its error. */
export function createGroupedSync(
  sync: (done: (error: Error | null) => void) => void,
  onFailed: (error: Error) => void,
): GroupedSync {
  /** Lines since the last fsync began. */
  let unsynced = 0;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  const start = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // A running fsync may miss lines written after it began: another one follows when it ends.
    if (running !== null) return running;
    unsynced = 0;
    running = new Promise<void>((resolve) => {
      sync((error) => {
        running = null;
        syncWhenDue();
        if (error !== null) onFailed(error);
        resolve();
      });
    });
    return running;
  };
  const syncWhenDue = () => {
    if (unsynced >= SYNC_LINES) void start();
    else if (unsynced > 0) timer ??= setTimeout(() => void start(), SYNC_MS);
  };
  return {
    addLine() {
      unsynced += 1;
    },
    syncWhenDue,
    isRunning: () => running !== null,
    async finish() {
      if (running !== null) await running;
      await start();
    },
  };
}
