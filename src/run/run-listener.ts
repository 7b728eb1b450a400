/** Who hears of a run while it goes on: the status line, and programs. */

import type { LimitChange } from '../limits/gate.ts';
import type { RunInfo, RunReport } from '../report.ts';
import type { Result } from '../result.ts';

/** Every member may be left out. A promise is waited for: a slow listener slows the run down and never fills the memory. */
export interface RunListener {
  /** The journal is open; nothing has been sent. `done` cells were finished by earlier executions. */
  onStart?(run: RunInfo, done: number): void | Promise<void>;
  /** A cell has ended, and its result is in the journal. */
  onResult?(result: Result): void | Promise<void>;
  /** The pace of a model changed, or nothing more is sent to it. */
  onLimit?(modelId: string, change: LimitChange): void;
  /** No cell is left, or the run was stopped; the figures are final, the tables are about to be written. */
  onEnd?(report: RunReport): void | Promise<void>;
}
