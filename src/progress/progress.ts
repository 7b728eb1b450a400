/** The progress of a run on stderr: drawn again in place on a terminal, otherwise a new line from time to time. */

import type { RunListener } from '../run/run-listener.ts';
import { createLiveBlock } from './live-block.ts';
import { type ProgressState, progressLine, progressLines } from './progress-lines.ts';
import { createRunMeter, type RunMeter } from './run-meter.ts';

export interface ProgressOptions {
  readonly write: (text: string) => void;
  /** Whether the stream is a terminal that understands cursor moves. */
  readonly live: boolean;
  readonly color: boolean;
  /** Of the terminal, which may change. */
  readonly size: () => { readonly width: number; readonly rows: number };
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back again and again, without keeping the process alive. Returns what ends it. */
  readonly every: (ms: number, onTick: () => void) => () => void;
  /** Expected USD of a cell by model id; absent = free, or unpriced. */
  readonly expectedUsd?: ReadonlyMap<string, number>;
  /** USD; null = no limit. */
  readonly maxCostUsd: number | null;
}

export interface Progress {
  readonly listener: RunListener;
  /** Writes a line above the progress. */
  print(line: string): void;
  /** Ends it, also when the run failed. */
  close(): void;
}

/** Between two redraws on a terminal. */
const LIVE_MS = 200;
/** Elsewhere the time is looked at this often. */
const CHECK_MS = 1000;
/** Elsewhere a line is written after this time, or when another tenth of the run is done. */
const LINE_MS = 30_000;
/** Elsewhere only a wait from this length is worth a line. */
const LONG_WAIT_MS = 5000;

/** ECMA-48 select graphic rendition: dim, red. */
const DIM = ['\u001b[2m', '\u001b[0m'] as const;
const RED = ['\u001b[31m', '\u001b[0m'] as const;

export function createProgress(options: ProgressOptions): Progress {
  const { write, live, color, size, now, every, expectedUsd, maxCostUsd } = options;
  const paint = color ? colored : (line: string) => line;
  const block = createLiveBlock({ write, width: () => size().width, paint });
  /** When the wait of each model that waits for its rate limit is expected to end. */
  const waits = new Map<string, number>();
  const stopped = new Set<string>();
  let meter: RunMeter | null = null;
  let lastAt = now();
  let lastTenth = 0;
  let endTicks = () => {};

  const state = (of: RunMeter, at: number): ProgressState => ({
    figures: of.figures(at),
    waits: new Map([...waits].map(([id, until]) => [id, until - at])),
    stopped,
    maxCostUsd,
  });
  const show = (at: number) => {
    if (meter === null) return;
    lastAt = at;
    if (live) block.draw(progressLines(state(meter, at), size()));
    else write(`${paint(progressLine(state(meter, at)))}\n`);
  };
  const onTick = () => {
    const at = now();
    if (live || at - lastAt >= LINE_MS) show(at);
    // Measures the pace also where nothing is shown.
    else meter?.figures(at);
  };
  const close = () => {
    endTicks();
    meter = null;
    if (live) block.erase();
  };

  return {
    listener: {
      onStart({ dataset, repeat }, _done, activity) {
        const startedAt = now();
        lastAt = startedAt;
        const cellsPerModel = dataset.samples * repeat;
        meter = createRunMeter({ activity, cellsPerModel, startedAt, ...(expectedUsd ? { expectedUsd } : {}) });
        lastTenth = tenthOf(meter);
        endTicks = every(live ? LIVE_MS : CHECK_MS, onTick);
      },
      onResult(result) {
        if (meter === null) return;
        meter.onResult(result);
        if (live || tenthOf(meter) === lastTenth) return;
        lastTenth = tenthOf(meter);
        show(now());
      },
      onWait(modelId, expectedMs) {
        const at = now();
        const isNew = !waits.has(modelId) && (expectedMs ?? 0) >= LONG_WAIT_MS;
        if (expectedMs === null) waits.delete(modelId);
        else waits.set(modelId, at + expectedMs);
        if (!live && isNew) show(at);
      },
      onLimit(modelId, change) {
        if (change.type === 'stop') stopped.add(modelId);
      },
      onEnd: close,
    },
    print(line) {
      if (live) block.erase();
      write(`${line}\n`);
      if (live) show(now());
    },
    close,
  };
}

function tenthOf(meter: RunMeter): number {
  return Math.floor((10 * meter.done()) / Math.max(1, meter.total));
}

/** The lines of the models are dim, failures red. */
function colored(line: string): string {
  if (line.startsWith('  ')) return `${DIM[0]}${line}${DIM[1]}`;
  return line.replace(/\d[\d,]* failed(?: \([^)]*\)?)?/u, `${RED[0]}$&${RED[1]}`);
}
