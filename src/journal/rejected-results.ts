/** Holds back the results of rejected requests until the model has answered or is stopped: a resumed run asks a stopped model's again. */

import type { Gate } from '../limits/gate.ts';
import type { Result } from '../result.ts';

/** More are written at once: the model stays in doubt only as long as its rejections differ, which is rare. */
const MAX_HELD = 1024;

export interface RejectedResults<Cell> {
  /** Writes a result, or holds it back. */
  add(cell: Cell, result: Result): Promise<void>;
  /** Writes what is held back; to be called at the end. */
  flush(): Promise<void>;
}

/** A rejection costs nothing, so a process that is killed meanwhile loses no paid answer. */
export function createRejectedResults<Cell>(
  gate: Pick<Gate, 'stopped' | 'hasAnswered'>,
  write: (cell: Cell, result: Result) => Promise<void>,
): RejectedResults<Cell> {
  let held: (readonly [Cell, Result])[] = [];
  const flush = async () => {
    const all = held;
    held = [];
    for (const [cell, result] of all) await write(cell, gate.stopped() === null ? result : askedAgain(result));
  };
  return {
    async add(cell, result) {
      if (!isRejected(result)) return write(cell, result);
      held.push([cell, result]);
      if (gate.stopped() !== null || gate.hasAnswered() || held.length > MAX_HELD) await flush();
    },
    flush,
  };
}

/** Failed for a reason that is final by itself, and not an outcome of the model. */
function isRejected(result: Result): result is Result & { readonly status: 'failed' } {
  if (result.status !== 'failed' || result.replayed === true) return false;
  return result.failure.kind === 'bad_request' || result.failure.kind === 'unsupported';
}

function askedAgain(result: Result): Result {
  return isRejected(result) ? { ...result, failure: { ...result.failure, modelStopped: true } } : result;
}
