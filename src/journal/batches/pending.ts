/** What commands say of a run whose batches are not collected. */

import { InputError, type Problem } from '../../errors.ts';
import { counted } from '../../text/counted.ts';
import { isPending, readBatchParts } from './batch-log.ts';

/** A sentence about cells whose answers may still come from a batch API; null = there are none. `name`: the run as the user wrote it. */
export function pendingNote(directory: string, name: string): string | null {
  const requests = pendingIn(directory);
  if (requests === 0) return null;
  return `${name}: ${counted(requests, 'cell is', 'cells are')} in batches that are not collected, and missing here · earsight batch collect ${name}`;
}

/** The problem of asking the missing cells of a run whose answers may still come: they would be paid for twice. */
export function pendingProblem(directory: string, name: string): Problem | null {
  const requests = pendingIn(directory);
  if (requests === 0) return null;
  return {
    file: name,
    message: `${counted(requests, 'cell is', 'cells are')} in batches that are not collected`,
    hint: `earsight batch collect ${name} takes their answers; earsight batch cancel ${name} stops them`,
  };
}

/** @throws {InputError} see `pendingProblem`. */
export function requireNoPending(directory: string, name: string): void {
  const problem = pendingProblem(directory, name);
  if (problem !== null) throw new InputError(problem);
}

/** Requests whose answers may still come. */
function pendingIn(directory: string): number {
  return readBatchParts(directory)
    .filter(isPending)
    .reduce((sum, part) => sum + part.requests, 0);
}
