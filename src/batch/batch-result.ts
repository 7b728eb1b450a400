/** Makes the result of a cell from a line of its batch: as a live one, without times and with the discount. */

import { ProviderError } from '../errors.ts';
import type { BatchPart } from '../journal/batches/batch-log.ts';
import type { BatchReply } from '../providers/batch/batch-client.ts';
import type { Result, Timing } from '../result.ts';
import type { Cell, CellContext } from '../run/cell-context.ts';
import { answeredResult, failedResult, withBatchPrice } from '../run/cell-result.ts';
import { warnOfMismatch } from '../run/warn-once.ts';

/** A batch has no latency: its vendor reports none, and the time that it took is not that of a request. */
const NO_TIMES: Timing = { startedAt: null, queueMs: 0, retryWaitMs: 0, latencyMs: null, firstTokenMs: null };
const CLOCKS = { attempts: 1, unseenBills: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null, queueMs: 0 };

/** `reply` null = the batch has no line for this cell. */
export async function batchResult(
  cell: Cell,
  part: BatchPart,
  reply: BatchReply | null,
  context: CellContext,
): Promise<Result> {
  const priced = withBatchPrice(context);
  const answer = reply?.result ?? missing(part);
  const batchId = part.batchId ?? '';
  if (answer instanceof ProviderError) {
    const failed = await failedResult(cell, answer, [], CLOCKS, priced);
    const result = { ...failed, timing: NO_TIMES, batchId };
    // Nothing of such a batch was run: once its cause is removed, its cells are asked again.
    return isRejected(part) && result.status === 'failed'
      ? { ...result, failure: { ...result.failure, modelStopped: true } }
      : result;
  }
  const { sound: _, ...completion } = answer;
  if (completion.usage !== null) warnOfMismatch(completion.usage, cell.model.config.id, context.warnOnce);
  const answered = await answeredResult(cell, [{ completion, latencyMs: 0, firstTokenMs: null }], CLOCKS, priced);
  return { ...answered, timing: NO_TIMES, batchId };
}

/** Whether the vendor rejected the batch as a whole. */
function isRejected({ ended }: BatchPart): boolean {
  return ended?.status === 'failed' && ended.results.length === 0;
}

const QUOTA = /limit|quota|too_many/i;

function missing(part: BatchPart): ProviderError {
  const { ended } = part;
  const status = ended?.status ?? '';
  if (isRejected(part)) {
    const { problem, code } = ended ?? {};
    const kind = QUOTA.test(code ?? '') ? 'rate_limit' : 'bad_request';
    const message = `the batch was rejected: ${problem ?? 'its vendor gives no reason'}`;
    return new ProviderError(kind, message, code === null || code === undefined ? {} : { code });
  }
  if (ended?.problem) return new ProviderError('server', `the answer of the batch is lost: ${ended.problem}`);
  if (status === 'expired') return new ProviderError('timeout', 'the batch expired before this request was started');
  if (status.startsWith('cancel'))
    return new ProviderError('aborted', 'the batch was cancelled before this request was started');
  return new ProviderError('server', 'the batch ended without a result for this request');
}
