/** Receives the events of a run: the status line, and programs. */

import type { GateLoad, LimitChange } from '../limits/gate.ts';
import type { RunInfo, RunReport } from '../report.ts';
import type { Result } from '../result.ts';

/** What the models of a run are doing. It is read when it is shown, so it costs nothing per result. */
export interface RunActivity {
  /** In the order of the configuration. */
  readonly models: readonly ModelActivity[];
}

export interface ModelActivity {
  readonly id: string;
  /** Cells that earlier executions finished. */
  readonly done: number;
  /** Its requests at this moment. */
  load(): GateLoad;
}

/** Every member is optional. Promises are awaited: a slow listener slows the run down instead of filling the memory. */
export interface RunListener {
  /** The journal is open; nothing has been sent. `done` cells were finished by earlier executions. */
  onStart?(run: RunInfo, done: number, activity: RunActivity): void | Promise<void>;
  /** A cell has ended, and its result is in the journal. */
  onResult?(result: Result): void | Promise<void>;
  /** The request rate of a model changed, or no more requests are sent to it. */
  onLimit?(modelId: string, change: LimitChange): void;
  /** A model waits for its rate limit, about so many milliseconds; null = it goes on. Only waits from a second. */
  onWait?(modelId: string, expectedMs: number | null): void;
  /** All cells have ended, or the run was stopped; the figures are final, the tables are written next. */
  onEnd?(report: RunReport): void | Promise<void>;
}
