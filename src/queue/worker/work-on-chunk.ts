/** Asks the cells of one job. */

import { InputError } from '../../errors.ts';
import type { Setup } from '../../plan/prepare.ts';
import { type Cell, type ModelRuntime, makeCell } from '../../run/cell-context.ts';
import type { RunContext } from '../../run/open-cells.ts';
import { askCells } from '../../run/run-cells.ts';
import { quote } from '../../text/quote.ts';
import type { Sample } from '../../types.ts';
import { type Chunk, cellOfRow, sampleHash } from '../chunks.ts';
import type { QueueConnection } from '../connect.ts';
import type { RunNames } from '../names.ts';
import type { Publisher } from './publisher.ts';
import type { SampleCursor } from './sample-cursor.ts';

/** The finished rows outlive their job by so long: a coordinator that starts meanwhile reads the jobs first, then the rows. */
const FINISHED_TTL_S = 60;

/** A chunk that the end of the worker has cut short. */
export class Unfinished extends Error {}

export interface ChunkWork {
  readonly chunk: string;
  readonly rows: Chunk['rows'];
  readonly runtime: ModelRuntime;
  readonly setup: Setup;
  readonly cursor: SampleCursor;
  readonly context: RunContext;
  readonly publisher: Publisher;
  readonly counted: Counts;
  readonly redis: QueueConnection['redis'];
  readonly names: RunNames;
}

/** Asks the cells of a chunk that have no result yet. @throws {InputError} when a sample here is another one. */
export async function workOnChunk({
  chunk,
  rows,
  runtime,
  setup,
  cursor,
  context,
  publisher,
  counted,
  redis,
  names,
}: ChunkWork) {
  const finished = new Set(await redis.smembers(names.finished(chunk)));
  const open = rows.filter(([row]) => !finished.has(String(row)));
  const place = (row: number) => cellOfRow(row, setup.models.length, setup.repeat);
  const samples = await cursor.get(open.map(([row]) => place(row).sample));
  const cells = open.map(([row, requestHash, ofSample], index): Cell => {
    const sample = samples[index];
    if (sample === undefined) throw new Error(`no sample for row ${row}`);
    const cell = makeCell(sample, runtime, place(row).repeat, row);
    if (cell.request.requestHash !== requestHash) throw otherRequest(setup, sample);
    if (ofSample !== undefined && ofSample !== sampleHash(sample)) throw otherSample(setup, sample);
    return cell;
  });
  for (const { rowIndex } of cells) publisher.belongs(rowIndex, chunk);
  counted.begin(cells.length);
  try {
    const last = async (isFree: (cell: Cell) => boolean) =>
      cells.findLast((cell) => cell.request.unsupported === null && isFree(cell)) ?? null;
    await askCells(runtime, asyncIterable(cells), context, last);
    await publisher.sent();
  } finally {
    counted.end(cells.length);
  }
  if (cells.some(({ rowIndex }) => !publisher.isSent(rowIndex))) throw new Unfinished('the worker was stopped');
  publisher.forget(cells.map(({ rowIndex }) => rowIndex));
  await redis.expire(names.finished(chunk), FINISHED_TTL_S);
}

async function* asyncIterable<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

function otherRequest({ source }: Setup, { id, line, broken }: Sample): InputError {
  if (broken !== undefined) return new InputError({ file: source.displayPath, line, message: broken });
  return new InputError({
    file: source.displayPath,
    line,
    message: `sample ${quote(id)} is another request here than at the coordinator`,
    hint: 'the manifest, a medium, or a variable that is part of the request differs: make them the same',
  });
}

/** The target, the scorers or a label: the answer would be scored as that of another sample. */
function otherSample({ source }: Setup, { id, line }: Sample): InputError {
  return new InputError({
    file: source.displayPath,
    line,
    message: `sample ${quote(id)} has another target, scorer or label here than at the coordinator`,
    hint: 'use the same manifest on all machines',
  });
}

/** Cells in hand, and cells with a result. */
export interface Counts {
  open(): number;
  done(): number;
  begin(cells: number): void;
  end(cells: number): void;
  add(): void;
}

export function createCounts(): Counts {
  let open = 0;
  let done = 0;
  return {
    open: () => open,
    done: () => done,
    begin(cells: number) {
      open += cells;
    },
    end(cells: number) {
      open -= cells;
    },
    add: () => {
      done += 1;
    },
  };
}
