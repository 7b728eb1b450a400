/** The status line on stderr: redrawn in place on a terminal, otherwise a new line from time to time. */

import type { RunListener } from './run/run-listener.ts';

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Whether the stream is a terminal that understands cursor moves. */
  readonly live: boolean;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The least time between two redraws on a terminal. */
const LIVE_MS = 100;
/** Elsewhere a line is written after this time, or when another tenth of the run is done. */
const LINE_MS = 30_000;

export function createProgress({ write, live, now }: ProgressOptions): RunListener {
  let startedAt = now();
  let total = 0;
  let alreadyDone = 0;
  const counts = { completed: 0, failed: 0, skipped: 0 };
  let lastAt = startedAt;
  let lastTenth = 0;
  let costUsd = 0;

  const line = () => {
    const done = counts.completed + counts.failed + counts.skipped;
    const seconds = (now() - startedAt) / 1000;
    const rate = seconds > 0 ? done / seconds : 0;
    const left = rate > 0 ? Math.ceil((total - alreadyDone - done) / rate) : null;
    return [
      `${alreadyDone + done}/${total}`,
      `${counts.failed} failed`,
      ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
      `${rate.toFixed(rate < 10 ? 1 : 0)}/s`,
      ...(left === null ? [] : [`${left} s left`]),
      // Free, unpriced, or nothing was billed so far.
      ...(costUsd === 0 ? [] : [`$${costUsd.toFixed(4)}`]),
    ].join(' · ');
  };

  return {
    onStart({ dataset, models, repeat }, done) {
      startedAt = now();
      total = dataset.samples * models.length * repeat;
      // `done` also counts cells that are no longer part of a changed run.
      alreadyDone = Math.min(done, total);
    },
    onResult(result) {
      counts[result.status] += 1;
      costUsd += result.costUsd ?? 0;
      const at = now();
      const tenth = Math.floor((10 * (alreadyDone + counts.completed + counts.failed + counts.skipped)) / total);
      if (live ? at - lastAt < LIVE_MS : tenth === lastTenth && at - lastAt < LINE_MS) return;
      lastAt = at;
      lastTenth = tenth;
      write(live ? `\r\u001b[2K${line()}` : `${line()}\n`);
    },
    onEnd() {
      if (live) write('\r\u001b[2K');
    },
  };
}
