/** Sends the missing cells of a run to batch APIs, and those that cannot go that way to the models themselves. */

import { ProviderError } from '../errors.ts';
import { makeBatchesFolder, pendingCells, removeUnneeded } from '../journal/batches/batch-files.ts';
import { type BatchLog, type BatchPart, isUnsent } from '../journal/batches/batch-log.ts';
import { createBatchObstacle } from '../plan/batch-obstacle.ts';
import type { RunInfo } from '../report.ts';
import { type Cell, keyOfCell } from '../run/cell-context.ts';
import { failedResult } from '../run/cell-result.ts';
import { cellsOf, isDone, type RunContext, type RunPlan } from '../run/open-cells.ts';
import { keepResult, runCells } from '../run/run-cells.ts';
import { counted } from '../text/counted.ts';
import type { ModelConfig } from '../types.ts';
import { customIdOf, partName } from './custom-id.ts';
import type { BatchClients } from './open-clients.ts';
import { createPartWriter, type PartWriter } from './part-writer.ts';
import { now, type PartContext, submitPart } from './submit-part.ts';

export interface SubmitOptions {
  /** Absolute folder of the run. */
  readonly folder: string;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
  readonly log: BatchLog;
  readonly clients: BatchClients;
  /** The most that a cell of a model costs, for later budgets; null = not known. */
  readonly mostUsdOf: (modelId: string) => number | null;
  readonly say: (line: string) => void;
}

/** Sends batches first: they take longest. Returns what was not sent, one sentence each. */
export async function submitCells(
  plan: RunPlan,
  context: RunContext,
  run: RunInfo,
  options: SubmitOptions,
): Promise<readonly string[]> {
  const { folder, log } = options;
  removeUnneeded(folder, log.parts());
  const submission = createSubmission(run, context, options);
  const models = plan.models.map(({ config }) => config);
  for (const part of log.parts().filter(isUnsent)) await submission.resume(part, models);
  const pending = pendingCells(folder, log.parts());
  const obstacle = createBatchObstacle();
  const isSent = ({ request }: Cell) => request.unsupported === null && request.sample.broken === undefined;
  const goesByBatch = (cell: Cell) => isSent(cell) && obstacle(cell.request) === null;
  try {
    for await (const sample of plan.samples())
      for (const modelIndex of plan.models.keys())
        for (const cell of cellsOf(sample, modelIndex, plan)) {
          if (context.stop.aborted) return submission.problems();
          if (goesByBatch(cell) && !isDone(cell, context) && !pending.has(keyOfCell(cell))) await submission.add(cell);
        }
    await submission.finish();
  } finally {
    submission.abandon();
  }
  await runCells(plan, context, (cell) => !goesByBatch(cell) && !pending.has(keyOfCell(cell)));
  return submission.problems();
}

/** The parts that are being written, one for each model. */
function createSubmission({ runId }: RunInfo, context: RunContext, options: SubmitOptions) {
  const { folder, mode, log, clients, mostUsdOf, say } = options;
  const { clock, random, stop } = context;
  const partContext: PartContext = { directory: folder, log, clock, random, signal: stop };
  const open = new Map<string, { readonly part: string; readonly writer: PartWriter; readonly model: ModelConfig }>();
  let lastPart = log.parts().reduce((last, { part }) => Math.max(last, Number(part)), 0);
  /** Why a model gets no more batches, by its id. */
  const stopped = new Map<string, string>();

  const send = async (part: BatchPart, model: ModelConfig, mayBeThere: boolean) => {
    try {
      await submitPart(part, await clients.of(model), partContext, mayBeThere);
      const { batchId } = log.parts().find((one) => one.part === part.part) ?? part;
      say(`${model.id}: batch ${batchId} · ${counted(part.requests, 'request')}, ${megabytes(part.byteLength)}`);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const hint = error.details.hint === undefined ? '' : ` · ${error.details.hint}`;
      stopped.set(model.id, `${model.id}: part ${part.part} was not submitted: ${error.message}${hint}`);
    }
  };
  const close = async (modelId: string) => {
    const entry = open.get(modelId);
    if (entry === undefined) return;
    open.delete(modelId);
    const { part, writer, model } = entry;
    const { requests, byteLength, sha256 } = writer.finish();
    const mostUsd = mostUsdOf(modelId);
    log.append({
      type: 'part',
      part,
      at: now(clock),
      modelId,
      name: partName(runId, part, sha256),
      requests,
      byteLength,
      mostUsd: mostUsd === null ? null : mostUsd * requests,
    });
    const written = log.parts().find((one) => one.part === part);
    if (written !== undefined) await send(written, model, false);
  };
  const writerFor = async (model: ModelConfig, bytes: number): Promise<PartWriter> => {
    const current = open.get(model.id);
    if (current?.writer.hasRoom(bytes) === true) return current.writer;
    await close(model.id);
    lastPart += 1;
    const part = String(lastPart).padStart(4, '0');
    makeBatchesFolder(folder, mode);
    const writer = createPartWriter(folder, part, await clients.of(model), mode);
    open.set(model.id, { part, writer, model });
    return writer;
  };
  return {
    /** Adds a cell; its part is sent when it is full. What is wrong with the cell alone is its result. */
    async add(cell: Cell): Promise<void> {
      const { config } = cell.model;
      if (stopped.has(config.id)) return;
      const key = keyOfCell(cell);
      const line = await lineOf(cell, customIdOf(runId, key));
      if (line instanceof ProviderError) {
        await keepResult(cell.rowIndex, key, await unsentFailure(cell, line, context), context);
        return;
      }
      const bytes = line.reduce((sum, piece) => sum + piece.length, 0);
      const writer = await writerFor(config, bytes);
      if (!stopped.has(config.id)) writer.add(key, line);
    },
    /** Goes on with a part of an earlier submission. */
    async resume(part: BatchPart, models: readonly ModelConfig[]): Promise<void> {
      const model = models.find(({ id }) => id === part.modelId);
      if (model !== undefined && !stopped.has(model.id)) await send(part, model, true);
    },
    async finish(): Promise<void> {
      for (const modelId of [...open.keys()]) if (!stopped.has(modelId) && !stop.aborted) await close(modelId);
    },
    abandon(): void {
      for (const { writer } of open.values()) writer.abandon();
      open.clear();
    },
    problems: (): readonly string[] => [...stopped.values()],
  };

  async function lineOf({ model, request }: Cell, customId: string): Promise<readonly Buffer[] | ProviderError> {
    const { messages } = request.conversation;
    try {
      const client = await clients.of(model.config);
      const line = await client.line(customId, { messages, params: request.params, clientRequestId: customId });
      const { limits, frame } = client;
      const bytes = line.reduce((sum, piece) => sum + piece.length, 0) + frame.start.length + frame.end.length;
      return bytes <= limits.bytes
        ? line
        : new ProviderError('unsupported', `the request has ${bytes} bytes; a batch takes ${limits.bytes}`);
    } catch (error) {
      if (error instanceof ProviderError) return error;
      throw error;
    }
  }
}

function unsentFailure(cell: Cell, error: ProviderError, context: RunContext) {
  const clocks = { attempts: 0, unseenBills: 0, retryWaitMs: 0, firstSentAt: null, startedAt: null, queueMs: 0 };
  return failedResult(cell, error, [], clocks, context);
}

function megabytes(bytes: number): string {
  return bytes < 1e5 ? 'less than 0.1 MB' : `${(bytes / 1e6).toFixed(1)} MB`;
}
