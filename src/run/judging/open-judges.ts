/** Opens the judges that a scoring asks: clients, limits, budget; and asks each question once. */

import { setMaxListeners } from 'node:events';
import type { LoadedConfig } from '../../config/load-config.ts';
import { createSourceLoader } from '../../dataset/media-loader.ts';
import { InputError, type Problem } from '../../errors.ts';
import { createCellEstimates } from '../../estimate/cell-estimates.ts';
import { createEstimateSources } from '../../estimate/estimate-sources.ts';
import type { Io } from '../../io.ts';
import type { Journal } from '../../journal/journal.ts';
import type { Progress } from '../../journal/resume.ts';
import { systemClock } from '../../limits/clock.ts';
import { createTimeouts } from '../../limits/timers.ts';
import { withLocalEndpoint } from '../../local/local-endpoint.ts';
import type { Setup } from '../../plan/prepare.ts';
import type { JudgeQuestion } from '../../scorers/scorer.ts';
import { type CostEstimate, priceEstimate } from '../../tokens/price-estimate.ts';
import { createBudget, unpricedModels } from '../budget.ts';
import { cacheFolderOf, openCache } from '../cache.ts';
import type { CellContext } from '../cell-context.ts';
import { createCellPricer } from '../cell-pricer.ts';
import { createRuntimes } from '../model-runtimes.ts';
import { requestsInFlight } from '../open-files.ts';
import { seededRandom } from '../random.ts';
import { createScoring, type JudgedCell } from '../scoring.ts';
import { createSounds } from '../sounds.ts';
import { createWarnOnce } from '../warn-once.ts';
import { type Asker, createAsker } from './asker.ts';

/** What is needed to ask judges. */
export interface JudgeOptions {
  /** Its models are the judges that are asked, with their keys. */
  readonly setup: Setup;
  /** Of the run. */
  readonly directory: string;
  readonly mode: number;
  readonly journal: Journal;
  readonly progress: Pick<Progress, 'judgements' | 'judgeSpentUsd'>;
  /** USD for all judges of the run, those asked earlier included; null = no limit. */
  readonly maxCostUsd: number | null;
  readonly say: (line: string) => void;
}

export interface OpenJudges extends Asker {
  /** What the question will cost; null = its reply is in the journal. */
  expected(question: JudgeQuestion, cell: JudgedCell): Promise<CostEstimate | null>;
}

/** Problems of a budget for judges, before anything is opened. */
export function judgeBudgetProblems(maxCostUsd: number | null, { models }: Pick<Setup, 'models'>): readonly Problem[] {
  if (maxCostUsd === null) return [];
  if (!(maxCostUsd > 0)) return [{ message: `--max-cost ${maxCostUsd} is not above 0` }];
  return unpricedModels(models);
}

/** The cache of the configuration; others may read it when they may read the run. */
function cacheOf({ cache, directory }: LoadedConfig, mode: number) {
  return cache ? openCache(cacheFolderOf(directory), undefined, (mode & 0o077) !== 0) : null;
}

/** How long questions in flight may take to finish after the first signal. */
const GRACE_MS = 10_000;

/** @throws {InputError} for a budget that cannot limit a judge. */
export async function openJudges(options: JudgeOptions, io: Io): Promise<OpenJudges> {
  const { setup, directory, mode, journal, progress, maxCostUsd, say } = options;
  const problems = judgeBudgetProblems(maxCostUsd, setup);
  if (problems.length > 0) throw new InputError(problems);
  const { config, models, source } = setup;
  const abort = new AbortController();
  setMaxListeners(0, io.stop, abort.signal);
  const endpoint = await withLocalEndpoint(models);
  const random = config.seed === undefined ? Math.random : seededRandom(config.seed);
  const inFlight = requestsInFlight(config.concurrency, models, say);
  const providers = {
    env: config.env,
    media: createSourceLoader(source, { signal: abort.signal }),
    ...(io.credential === undefined ? {} : { credential: io.credential }),
  };
  const runtimes = await createRuntimes(endpoint.models, providers, { sends: () => 'always', random, inFlight });
  const warnOnce = createWarnOnce(say);
  const sources = createEstimateSources(setup, io.cwd);
  const estimates = createCellEstimates(sources);
  const context: CellContext = {
    clock: systemClock,
    random,
    journal,
    // What a judge replies is read by the scorer that asked.
    scoring: createScoring([]),
    price: createCellPricer(estimates.of, false, sources.facts),
    facts: sources.facts,
    stop: io.stop,
    timeouts: createTimeouts(systemClock, abort.signal),
    earlierTurns: new Map(),
    cache: cacheOf(config, mode),
    replay: null,
    sounds: createSounds(directory, warnOnce, mode),
    warnOnce,
    budget: maxCostUsd === null ? null : createBudget(maxCostUsd, progress.judgeSpentUsd, estimates),
  };
  const asker = createAsker({ runtimes, context, directory, judgements: progress.judgements });
  let timer: NodeJS.Timeout | undefined;
  const onStop = () => {
    timer = setTimeout(() => abort.abort(io.stop.reason), GRACE_MS);
  };
  io.stop.addEventListener('abort', onStop, { once: true });
  return {
    ...asker,
    async expected(question, cell) {
      const request = asker.plan(question, cell);
      if (progress.judgements.has(request.requestHash)) return null;
      return priceEstimate(await estimates.of(request), request.model);
    },
    async close() {
      io.stop.removeEventListener('abort', onStop);
      clearTimeout(timer);
      await asker.close();
      await Promise.all(runtimes.map(({ client }) => client.close?.()));
      await endpoint.close();
    },
  };
}
