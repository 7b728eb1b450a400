/** Puts clients, media, journal and engine together, runs the missing cells, and takes everything down again. */

import { setMaxListeners } from 'node:events';
import { createMediaLoader } from '../dataset/media-loader.ts';
import type { ModelRuntime } from '../engine/cell.ts';
import { systemClock } from '../engine/clock.ts';
import { modelIdentity, runIdentity } from '../engine/identity.ts';
import { openJournal } from '../engine/journal.ts';
import type { ResultIndex } from '../engine/result-index.ts';
import { emptyProgress, recall } from '../engine/resume.ts';
import { runCells } from '../engine/run.ts';
import { createScoring } from '../engine/scoring.ts';
import { InputError } from '../errors.ts';
import { createProgress } from '../progress.ts';
import type { Io } from './io.ts';
import type { Prepared } from './prepare.ts';
import { createPricing } from './pricing.ts';
import { createRuntimes, identityOf } from './providers.ts';

/** What is in flight at the first signal may take this long to finish. */
const GRACE_MS = 10_000;

export interface Execution {
  readonly folder: string;
  readonly prepared: Prepared;
  readonly concurrency: number | undefined;
  readonly runId: string;
  readonly quiet: boolean;
  readonly say: (line: string) => void;
  /** The journal is open and fits: what follows is sent. */
  readonly onStart: () => void;
}

export async function execute(execution: Execution, io: Io): Promise<{ readonly index: ResultIndex }> {
  const { folder, prepared, say } = execution;
  const { models, repeat, sampleCount, config } = prepared;
  const identity = runIdentity(
    prepared.datasetHash,
    models.map((model) => modelIdentity(model, identityOf(model))),
    repeat,
  );
  const progress = emptyProgress();
  const { journal, scan } = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId: execution.runId, runIdentity: identity },
    clock: systemClock,
    onLine: (line) => recall(progress, line),
    onStall: (error) =>
      say(
        error === null
          ? 'the disk takes writes again'
          : `warning: the journal cannot be written (${error.message}) · answers are kept in memory; free some space`,
      ),
  });
  for (const damage of scan.damaged) say(`warning: journal line ${damage.line} is damaged and does not count`);
  if (scan.lost > 0) say(`warning: ${scan.lost} journal lines are missing`);
  const abort = new AbortController();
  // Every request in flight listens: many listeners are no leak here.
  setMaxListeners(0, io.stop, abort.signal);
  const grace = startGrace(io.stop, abort);
  let runtimes: readonly ModelRuntime[] = [];
  try {
    refuseOtherRun(progress.runIdentity, identity, folder);
    const allowRemoteMedia = prepared.source.allowRemoteMedia ?? false;
    runtimes = await createRuntimes(models, {
      env: config.env,
      media: createMediaLoader({ allowRemoteMedia }),
      ...(io.credential === undefined ? {} : { credential: io.credential }),
    });
    execution.onStart();
    const total = sampleCount * models.length * repeat;
    const status = createProgress({
      write: (text) => io.stderr.write(text),
      live: io.stderr.isTTY === true && io.env['CI'] === undefined,
      total,
      alreadyDone: progress.done.size,
      now: systemClock.now,
    });
    await runCells(
      {
        samples: prepared.samples,
        models: runtimes,
        repeat,
        ...(execution.concurrency === undefined ? {} : { concurrency: execution.concurrency }),
      },
      {
        clock: systemClock,
        random: Math.random,
        journal,
        score: createScoring(config.scorers),
        price: createPricing(),
        stop: io.stop,
        abort: abort.signal,
        earlierTurns: progress.turns,
        done: progress.done,
        index: progress.index,
        ...(execution.quiet ? {} : { onResult: status.onResult }),
      },
    );
    if (!execution.quiet) status.end();
  } finally {
    grace.end();
    await Promise.allSettled(runtimes.map(({ client }) => client.close?.()));
    await journal.close();
  }
  return { index: progress.index };
}

function refuseOtherRun(journalled: string | null, wanted: string, folder: string): void {
  if (journalled === null || journalled === wanted) return;
  throw new InputError({
    file: folder,
    message: 'holds a run of other samples, models or parameters',
    hint: 'give the same configuration and options again, or choose another --out',
  });
}

/** After a stop, what is in flight may finish for a while; then it is cut off. */
function startGrace(stop: AbortSignal, abort: AbortController): { end(): void } {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => abort.abort(stop.reason), GRACE_MS);
  };
  stop.addEventListener('abort', begin, { once: true });
  return {
    end() {
      stop.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
