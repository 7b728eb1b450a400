/** Submits the missing cells of a run: checks what can go and what it may cost, then sends. */

import { InputError, type Problem } from '../errors.ts';
import { writeUsd } from '../estimate/estimate-table.ts';
import type { Forecast } from '../estimate/forecast.ts';
import type { Io } from '../io.ts';
import { pendingCells } from '../journal/batches/batch-files.ts';
import { type BatchPart, isPending, isUnsent, openBatchLog, readBatchParts } from '../journal/batches/batch-log.ts';
import { runFileMode } from '../journal/run-files.ts';
import { driveRun, type FinishedRun } from '../run/drive.ts';
import type { ReadyRun } from '../run/ready-run.ts';
import { discountNote } from '../tokens/batch-discount.ts';
import { type BatchClients, openClients } from './open-clients.ts';
import { submitCells } from './submit-cells.ts';
import { type WhatGoes, whatGoes } from './what-goes.ts';

export interface Submission extends WhatGoes {
  readonly ready: ReadyRun;
  /** Sentences about prices. */
  readonly notes: readonly string[];
  /** Parts of earlier submissions that have no batch yet. */
  readonly unfinished: number;
}

/** @throws {InputError} for what cannot go by batch, unless `restLive`, and for a cost above the budget; nothing was sent. */
export async function planSubmission(ready: ReadyRun, restLive: boolean): Promise<Submission> {
  const { prepared, reading, settings } = ready;
  const parts = readBatchParts(settings.folder);
  const goes = await whatGoes(prepared, reading.progress, pendingCells(settings.folder, parts));
  const { obstacles, byModel } = goes;
  if (obstacles.length > 0 && !restLive) throw new InputError(obstacleProblems(obstacles));
  const unfinished = parts.filter(isUnsent).length;
  if (byModel.size === 0 && obstacles.length > 0 && unfinished === 0)
    throw new InputError({ message: 'no cell of this run can go by batch', hint: 'use earsight run' });
  const maxCostUsd = checkBudget(ready, parts, byModel);
  const models = prepared.models.filter(({ id }) => byModel.has(id));
  const notes = models.flatMap((model) => discountNote(model) ?? []);
  return { ...goes, ready: { ...ready, settings: { ...settings, queue: null, maxCostUsd } }, notes, unfinished };
}

function obstacleProblems(obstacles: readonly string[]): readonly Problem[] {
  return [
    ...obstacles.map((message) => ({ message })),
    {
      message: 'nothing was sent',
      hint: 'ask those cells the ordinary way with --rest-live, or leave their models out with --model',
    },
  ];
}

/**
 * A batch cannot be stopped half way without cost: the most that everything may cost must fit before anything is uploaded.
 * Returns what is left for requests that do not go by batch; null = no limit.
 */
function checkBudget(
  { settings: { maxCostUsd }, forecast, reading: { progress } }: ReadyRun,
  parts: readonly BatchPart[],
  byModel: ReadonlyMap<string, number>,
): number | null {
  if (maxCostUsd === null) return null;
  const waiting = parts.filter(isPending).map(({ mostUsd }) => mostUsd);
  const mostUsdOf = mostUsdPerCell(forecast);
  const { costUsd = 'unpriced', unpricedCells = 0 } = forecast ?? {};
  if (waiting.includes(null) || unpricedCells > 0)
    throw new InputError({
      message: '--max-cost cannot be checked: some requests have no price',
      hint: 'set the price of everything that they hold, or leave out --max-cost',
    });
  // Without any cell there is no price either.
  const newUsd = costUsd === 'unpriced' ? 0 : costUsd.high;
  const waitingUsd = waiting.reduce<number>((sum, usd) => sum + (usd ?? 0), 0);
  const before = progress.spentUsd + progress.judgeSpentUsd + waitingUsd;
  if (before + newUsd > maxCostUsd) {
    const also = before === 0 ? '' : `, beside ${writeUsd(before)} that is spent or waits in batches`;
    throw new InputError({
      message: `the requests may cost up to ${writeUsd(newUsd)}${also}: more than --max-cost ${writeUsd(maxCostUsd)}`,
      hint: 'raise --max-cost, or send less with --limit; a batch cannot be stopped half way without cost',
    });
  }
  const batchUsd = [...byModel].reduce((sum, [id, cells]) => sum + cells * (mostUsdOf(id) ?? 0), 0);
  return Math.max(Number.MIN_VALUE, maxCostUsd - waitingUsd - batchUsd);
}

/** The most that a cell of a model costs; null = not known. */
function mostUsdPerCell(forecast: Forecast | null): (modelId: string) => number | null {
  return (modelId) => {
    const { costUsd = 'unpriced', cells = 0 } = forecast?.models.find(({ id }) => id === modelId) ?? {};
    return costUsd === 'unpriced' || cells === 0 ? null : costUsd.high / cells;
  };
}

/** Sends everything. `problems`: what was not sent, one sentence each. */
export async function submitRun(
  { ready }: Submission,
  say: (line: string) => void,
  io: Io,
  clients: BatchClients = openClients(ready.prepared, io),
): Promise<{ readonly finished: FinishedRun; readonly problems: readonly string[] }> {
  const { folder, shared } = ready.settings;
  let problems: readonly string[] = [];
  try {
    const finished = await driveRun(
      ready,
      {
        say,
        listeners: [],
        async ask(plan, context, run) {
          const mode = runFileMode(folder, shared);
          const log = openBatchLog(folder, mode);
          try {
            const mostUsdOf = mostUsdPerCell(ready.forecast);
            problems = await submitCells(plan, context, run, { folder, mode, log, clients, mostUsdOf, say });
          } finally {
            log.close();
          }
        },
      },
      io,
    );
    return { finished, problems };
  } finally {
    await clients.close();
  }
}
