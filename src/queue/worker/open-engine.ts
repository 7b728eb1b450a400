/** Opens what a worker asks its cells with: the engine of a single machine, with the limits, budget and journal of the run. */

import { join } from 'node:path';
import { createEstimateSources } from '../../estimate/estimate-sources.ts';
import { lockFolder } from '../../files/lock.ts';
import { readBytesSync } from '../../files/open-file.ts';
import type { Io } from '../../io.ts';
import { openJournal } from '../../journal/journal.ts';
import { decodeLine } from '../../journal/journal-line.ts';
import { openJournalReader } from '../../journal/journal-reader.ts';
import { emptyProgress, readProgress } from '../../journal/resume.ts';
import { soundFile } from '../../journal/sounds.ts';
import { systemClock } from '../../limits/clock.ts';
import type { Setup } from '../../plan/prepare.ts';
import { closeJournal, type Endings, openContext, openModels } from '../../run/assemble.ts';
import type { ModelRuntime } from '../../run/cell-context.ts';
import type { RunContext } from '../../run/open-cells.ts';
import { requestsInFlight } from '../../run/open-files.ts';
import { seededRandom } from '../../run/random.ts';
import type { QueueConnection } from '../connect.ts';
import type { RunNames } from '../names.ts';
import type { RunDocument } from '../run-document.ts';
import { createSharedLedger } from '../shared-ledger.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { withSharedLimits } from './worker-runtimes.ts';
import { settingsOf } from './worker-setup.ts';

/** Permissions of a worker's files: nobody else reads them. */
const MODE = 0o600;

/** The journal of this worker, whose lines go to the coordinator. What an earlier process left in it is sent again. */
export async function openPublisher(
  { runId, runIdentity }: RunDocument,
  names: RunNames,
  folder: string,
  redis: QueueConnection['redis'],
  endings: Endings,
): Promise<Publisher> {
  endings.push(lockFolder(folder, MODE));
  const { progress, scan } = await readProgress(folder, { sample: [] });
  const journal = await openJournal({
    directory: folder,
    header: { format: 'earsight-journal', version: 1, runId, runIdentity },
    clock: systemClock,
    scan,
    mode: MODE,
  });
  endings.push(() => closeJournal(journal, folder, runId));
  const publisher = createPublisher({
    redis,
    names,
    journal,
    soundOf: (sound) => readBytesSync(join(folder, soundFile(sound))).toString('base64'),
  });
  await resend(folder, progress.index.entries(), publisher);
  return publisher;
}

/** The coordinator knows what it has. */
async function resend(
  folder: string,
  lines: Iterable<{ readonly offset: number; readonly byteLength: number }>,
  publisher: Publisher,
): Promise<void> {
  const reader = await openJournalReader(folder);
  try {
    for (const { offset, byteLength } of lines) publisher.send(decodeLine(reader.line(offset, byteLength)));
    await publisher.sent();
  } finally {
    reader.close();
  }
}

interface EngineParts {
  readonly document: RunDocument;
  readonly names: RunNames;
  readonly setup: Setup;
  readonly folder: string;
  readonly publisher: Publisher;
  readonly connection: QueueConnection;
  readonly abort: AbortSignal;
}

interface EngineOptions {
  readonly concurrency: number | undefined;
  /** Ids of models that this worker does not ask. */
  readonly leftOut: ReadonlySet<string>;
  readonly say: (line: string) => void;
}

export async function openEngine(
  { document, names, setup, folder, publisher, connection: { redis }, abort }: EngineParts,
  { concurrency, leftOut, say }: EngineOptions,
  io: Io,
  endings: Endings,
): Promise<{ readonly runtimes: readonly ModelRuntime[]; readonly context: RunContext }> {
  const { maxCostUsd, hasPrices } = document;
  const { seed } = setup.config;
  const random = seed === undefined ? Math.random : seededRandom(seed);
  const parts = {
    prepared: { ...setup, judges: [] },
    settings: settingsOf(document, folder),
    estimates: createEstimateSources(setup, io.cwd),
    hasPrices,
  };
  const inFlight = requestsInFlight(concurrency, setup.models, say);
  const { models } = await openModels(parts, { abort, random, inFlight, leftOut }, io, endings);
  const runtimes = withSharedLimits(models, redis, names, systemClock);
  const own = {
    journal: publisher.journal,
    // A row has one result of this worker at most, unless its chunk comes back.
    progress: emptyProgress(),
    judges: [],
    stop: io.stop,
    abort,
    random,
    say,
    ...(maxCostUsd === null ? {} : { ledger: createSharedLedger(redis, names.ledger, maxCostUsd, systemClock) }),
  };
  return { runtimes, context: { ...(await openContext(parts, own, endings)), stopping: null } };
}
