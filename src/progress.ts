/** The status line on stderr: redrawn in place on a terminal, otherwise a new line from time to time. */

import type { RunListener } from './run/run-listener.ts';
import { fitWidth } from './text/display-width.ts';
import { escapeTerminal } from './text/escape-terminal.ts';

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Whether the stream is a terminal that understands cursor moves. */
  readonly live: boolean;
  /** Columns of the terminal, which may change; undefined = not known. */
  readonly width?: () => number | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** The least time between two redraws on a terminal. */
const LIVE_MS = 100;
/** Elsewhere a line is written after this time, or when another tenth of the run is done. */
const LINE_MS = 30_000;

/** Elsewhere only a wait from this length is worth a line. */
const LONG_WAIT_MS = 5000;
/** Columns of a terminal that does not tell. */
const USUAL_WIDTH = 80;

export function createProgress({ write, live, now, width = () => undefined }: ProgressOptions): RunListener {
  let startedAt = now();
  let total = 0;
  let alreadyDone = 0;
  const counts = { completed: 0, failed: 0, skipped: 0 };
  let lastAt = startedAt;
  let lastTenth = 0;
  let costUsd = 0;
  /** When the wait of each model that waits for its rate limit is expected to end. */
  const waits = new Map<string, number>();

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
      ...[...waits].map(([modelId, until]) => {
        const left = Math.max(1, Math.ceil((until - now()) / 1000));
        return `${escapeTerminal(modelId)} waits ${left} s for its rate limit`;
      }),
    ].join(' · ');
  };
  const show = (at: number) => {
    lastAt = at;
    // Some terminals wrap a line that is as wide as they are, and a wrapped line cannot be redrawn.
    write(live ? `\r\u001b[2K${fitWidth(line(), (width() ?? USUAL_WIDTH) - 1)}` : `${line()}\n`);
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
      lastTenth = tenth;
      show(at);
    },
    onWait(modelId, expectedMs) {
      const at = now();
      const isNew = !waits.has(modelId) && (expectedMs ?? 0) >= LONG_WAIT_MS;
      if (expectedMs === null) waits.delete(modelId);
      else waits.set(modelId, at + expectedMs);
      if (live || isNew || (expectedMs !== null && at - lastAt >= LINE_MS)) show(at);
    },
    onEnd() {
      if (live) write('\r\u001b[2K');
    },
  };
}
