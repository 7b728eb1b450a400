/** A group of tasks that run at the same time, which is awaited as a whole. */

export interface Tasks {
  /** Starts a task. The promise never rejects: see `failure`. */
  run(task: () => Promise<void>): Promise<void>;
  count(): number;
  /** Resolves when a task ends. */
  oneEnds(): Promise<void>;
  /** Resolves when no task is left, those included that were started meanwhile. */
  allEnd(): Promise<void>;
  /** What the first task threw that failed; null = none failed. */
  failure(): unknown;
}

export function createTasks(): Tasks {
  const running = new Set<Promise<void>>();
  let wake = () => {};
  let failure: unknown = null;
  return {
    run(task) {
      const ended: Promise<void> = task()
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          running.delete(ended);
          wake();
        });
      running.add(ended);
      return ended;
    },
    count: () => running.size,
    oneEnds: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
    async allEnd() {
      while (running.size > 0) await Promise.all(running);
    },
    failure: () => failure,
  };
}
