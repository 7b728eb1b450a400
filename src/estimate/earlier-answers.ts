/** Finds how long the answers were in earlier runs of the same manifest: a better expectation than any default. */

import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { HashSet64 } from '../collections/hash-set-64.ts';
import { sampleKey } from '../dataset/content-hash.ts';
import { InputError } from '../errors.ts';
import type { Redaction } from '../io.ts';
import { type AnswerLengths, addLength } from '../journal/answer-lengths.ts';
import { scanJournal } from '../journal/journal-scan.ts';
import { readRunInfo } from '../journal/run-folder.ts';
import { cellKey } from '../plan/request-hash.ts';
import type { RunInfo } from '../report.ts';
import { shownModel } from '../text/shown-model.ts';
import type { EarlierCompletions } from '../tokens/completion-tokens.ts';
import type { ModelConfig, Sample } from '../types.ts';

/** The lengths of one model's answers in one earlier run. */
export interface EarlierAnswers extends EarlierCompletions {
  /** Name of the run's folder. */
  readonly run: string;
  /** Number of answers behind the figures. */
  readonly answers: number;
}

/** Journals are read newest first until each model is found; older ones predict less and take as long to read. */
const MAX_RUNS = 5;

/**
 * Finds, for each model id, the newest run of this manifest below `results` that asked the model. The manifest may have
 * changed since, as long as the run holds `first`, its first sample, with the same id, media and target. So a run with
 * `--limit 20` predicts the answer lengths of the whole manifest.
 */
export async function findEarlierAnswers(
  results: string,
  manifest: string,
  first: Sample,
  models: readonly ModelConfig[],
): Promise<ReadonlyMap<string, EarlierAnswers>> {
  const found = new Map<string, EarlierAnswers>();
  for (const { directory, info } of runsOf(results, manifest, models[0]?.filledIn).slice(0, MAX_RUNS)) {
    if (found.size === models.length) break;
    const { samples, lengths } = await readAnswers(directory).catch(ignoreUnreadable);
    if (!samples.has(sampleKey(first))) continue;
    for (const model of models) {
      const { id } = model;
      // Earlier versions wrote names with their values from the environment.
      const names = [model.model, shownModel(model)];
      const asked = info.models.some((earlier) => earlier.id === id && names.includes(earlier.model));
      const length = lengths.get(id);
      if (!asked || length === undefined || found.has(id)) continue;
      found.set(id, { run: basename(directory), ...earlierCompletions(length) });
    }
  }
  return found;
}

/** The lengths of answers as estimates take them. */
export function earlierCompletions({ answers, total, min, max, reasons, spoken }: AnswerLengths) {
  return { answers, mean: total / answers, min, max, reasons, ...(spoken > 0 ? { spokenShare: spoken / total } : {}) };
}

interface FoundRun {
  readonly directory: string;
  readonly info: RunInfo;
}

/** Newest first. */
function runsOf(results: string, manifest: string, filledIn: Redaction | undefined): readonly FoundRun[] {
  const names = existsSync(results) ? readdirSync(results) : [];
  const runs = names.flatMap((name): readonly FoundRun[] => {
    const directory = join(results, name);
    const info = infoOf(directory);
    if (info === null) return [];
    const isSame = resolve(directory, info.dataset.path) === manifest;
    const shown = filledIn?.hide(relative(directory, manifest));
    return isSame || info.dataset.path === shown ? [{ directory, info }] : [];
  });
  return runs.sort((a, b) => b.info.createdAt.localeCompare(a.info.createdAt));
}

function ignoreUnreadable(error: unknown): Answers {
  if (error instanceof InputError) return { samples: new HashSet64(), lengths: new Map() };
  throw error;
}

/** null for a folder that this version cannot read as a run. */
function infoOf(directory: string): RunInfo | null {
  try {
    return readRunInfo(directory);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

interface Answers {
  readonly samples: HashSet64;
  readonly lengths: ReadonlyMap<string, AnswerLengths>;
}

async function readAnswers(directory: string): Promise<Answers> {
  const samples = new HashSet64();
  const lengths = new Map<string, AnswerLengths>();
  const seen = new HashSet64();
  await scanJournal(directory, ({ entry }) => {
    if (entry.type !== 'result') return;
    const { requestHash, sampleId, modelId, repeat, status } = entry.data;
    samples.add(entry.data.sampleKey);
    // An answer that was judged after it came has two lines.
    const key = `${entry.cell} ${cellKey(requestHash, sampleId, modelId, repeat)}`;
    if (status !== 'completed' || seen.add(key) !== undefined) return;
    addLength(lengths, entry.data);
  });
  return { samples, lengths };
}
