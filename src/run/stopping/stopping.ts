/** Asks samples in random order and says when a model need not be asked any more. */

import { createSampleOrder } from '../../plan/sample-order.ts';
import type { Result } from '../../result.ts';
import type { StoppingInfo } from '../../stopping-report.ts';
import { scoreAll } from '../../summary/tally.ts';
import type { Sample } from '../../types.ts';
import { createDecidedPairs, type StoppedModel } from './decided-pairs.ts';

/** How a run stops early. */
export type StoppingSettings = Pick<StoppingInfo, 'seed' | 'margin' | 'alpha'>;

/** A model may be ahead of the prefix by this part of the samples: what it asks there may turn out to be too much. */
const MOST_AHEAD = 0.05;
/** And by so many of a small set, so that several requests are in flight. */
const LEAST_AHEAD = 16;

/** A cell as far as the order needs it. */
export interface PlacedCell {
  readonly modelId: string;
  readonly sampleId: string;
}

export interface Stopping {
  /** Samples in their order; `open` yields them in any other one. */
  samples(open: () => AsyncIterable<Sample>): AsyncIterable<Sample>;
  /** Orders the cells of a model as they start. */
  rankOf(sampleId: string): number;
  /** Resolves when the cell may start: its model is not far ahead of the others, is decided, or the run was stopped. */
  hasRoom(cell: PlacedCell, stop: AbortSignal): Promise<void>;
  isDecided(modelId: string): boolean;
  /** A cell has ended, or has been finished by an earlier execution. */
  note(result: Result): void;
  /** For `run.json`. */
  info(): StoppingInfo;
}

/** Reads the samples once. */
export async function createStopping(
  settings: StoppingSettings,
  open: () => AsyncIterable<Pick<Sample, 'id'>>,
  models: readonly StoppedModel[],
): Promise<Stopping> {
  const { seed, margin, alpha } = settings;
  const order = await createSampleOrder(open, seed);
  const pairs = createDecidedPairs({ models, samples: order.size, margin, alpha });
  const most = Math.max(LEAST_AHEAD, Math.ceil(MOST_AHEAD * order.size));
  const indexOf = (modelId: string) => models.findIndex(({ id }) => id === modelId);
  let waiting: (() => void)[] = [];
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  };
  return {
    samples: order.samples,
    rankOf: order.positionOf,
    async hasRoom({ modelId, sampleId }, stop) {
      const modelIndex = indexOf(modelId);
      const position = order.positionOf(sampleId);
      stop.addEventListener('abort', wake);
      while (!stop.aborted && !pairs.isDecided(modelIndex) && position >= pairs.reached(modelIndex) + most)
        await new Promise<void>((resolve) => waiting.push(resolve));
      stop.removeEventListener('abort', wake);
    },
    isDecided: (modelId) => pairs.isDecided(indexOf(modelId)),
    note(result) {
      const position = order.positionOf(result.sampleId);
      if (pairs.note(indexOf(result.modelId), position, scoreAll(result))) wake();
    },
    info: () => ({ ...settings, decisions: pairs.decisions() }),
  };
}
