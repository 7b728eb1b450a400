/** From the command line to what is to be run: configuration, models, and one checked pass over the manifest. */

import { createHash } from 'node:crypto';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { selectModels } from '../config/select-models.ts';
import { contentHash } from '../dataset/identity.ts';
import { type DatasetSource, readManifest } from '../dataset/read-manifest.ts';
import { buildConversation } from '../engine/request.ts';
import { InputError, type Problem } from '../errors.ts';
import { scorerProblems } from '../scorers/registry.ts';
import type { ModelConfig, Sample } from '../types.ts';
import type { OptionSpec } from './command.ts';
import type { Io } from './io.ts';
import { refusalOf } from './providers.ts';

/** Which part of what is configured takes part; a run writes it down and a resumed run takes it over. */
export interface Selection {
  /** Configuration file as the user wrote it; absent = found by name. */
  readonly config?: string;
  readonly dataset?: string;
  readonly model?: readonly string[];
  readonly limit?: number;
  readonly sample?: readonly string[];
  /** `i/n`, from 1. */
  readonly shard?: string;
  readonly repeat?: number;
}

/** The options behind a selection. */
export const SELECTION_OPTIONS = {
  dataset: { type: 'string', describe: "manifest (default: the configuration's)" },
  model: { type: 'array', describe: 'only these models; an id takes all of its variants (default: all)' },
  limit: { type: 'number', describe: 'only the first N samples (default: all)' },
  sample: { type: 'array', describe: 'only these samples (default: all)' },
  shard: { type: 'string', describe: 'part i of n of the samples, e.g. 2/8 (default: 1/1)' },
  repeat: { type: 'number', describe: "ask every sample N times (default: the configuration's, 1)" },
} as const satisfies Record<string, OptionSpec>;

export interface Prepared {
  readonly config: LoadedConfig;
  readonly models: readonly ModelConfig[];
  readonly repeat: number;
  readonly source: DatasetSource;
  /** A fresh pass over the samples that take part. */
  readonly samples: () => AsyncIterable<Sample>;
  readonly sampleCount: number;
  /** Of the content of all samples that take part, in order. */
  readonly datasetHash: string;
  /** What some models cannot take, one sentence each: those cells will be skipped. */
  readonly warnings: readonly string[];
}

/** @throws {InputError} with everything that is wrong. */
export async function prepare(
  selection: Selection,
  io: Io,
  options: { readonly requireKeys: boolean },
): Promise<Prepared> {
  const config = await loadConfig(selection.config, {
    cwd: io.cwd,
    env: io.env,
    requireKeys: options.requireKeys,
    ...(selection.dataset === undefined ? {} : { dataset: selection.dataset }),
    ...(selection.model === undefined ? {} : { models: selection.model }),
  });
  const problems = selectionProblems(selection);
  if (problems.length > 0) throw new InputError(problems);
  const models = selection.model === undefined ? config.models : selectModels(config.models, selection.model);
  const source = config.dataset;
  const takesPart = sampleFilter(selection);
  const samples = (report: (problem: Problem) => void = raise) =>
    filtered(readManifest(source, report), takesPart, selection.limit);
  const checked = await check(samples, source, models, selection.sample ?? []);
  return { config, models, repeat: selection.repeat ?? config.repeat, source, samples: () => samples(), ...checked };
}

function selectionProblems({ limit, repeat, shard }: Selection): Problem[] {
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries({ limit, repeat })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      problems.push({ message: `--${name} ${value} is not a whole number from 1` });
    }
  }
  const [part, parts] = parseShard(shard ?? '1/1');
  if (!(part >= 1 && part <= parts)) problems.push({ message: `--shard ${shard} is not i/n`, hint: 'for example 2/8' });
  return problems;
}

function parseShard(shard: string): readonly [part: number, parts: number] {
  const match = /^(\d+)\/(\d+)$/.exec(shard);
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
}

/** Shards are dealt out like cards, so that each gets its share of every stretch of the manifest. */
function sampleFilter({ sample, shard }: Selection): (item: Sample) => boolean {
  const [part, parts] = parseShard(shard ?? '1/1');
  const ids = sample === undefined ? null : new Set(sample);
  return (item) => item.index % parts === part - 1 && (ids === null || ids.has(item.id));
}

async function* filtered(samples: AsyncIterable<Sample>, takesPart: (sample: Sample) => boolean, limit = Infinity) {
  let taken = 0;
  for await (const sample of samples) {
    if (taken >= limit) return;
    if (!takesPart(sample)) continue;
    taken += 1;
    yield sample;
  }
}

/** The manifest was checked before; a problem now means that it changed on the way. */
function raise(problem: Problem): void {
  throw new InputError({
    ...problem,
    hint: `${problem.hint ?? 'it was right before'}; the manifest changed during the run`,
  });
}

async function check(
  samples: (report: (problem: Problem) => void) => AsyncIterable<Sample>,
  source: DatasetSource,
  models: readonly ModelConfig[],
  wanted: readonly string[],
): Promise<Pick<Prepared, 'sampleCount' | 'datasetHash' | 'warnings'>> {
  const problems: Problem[] = [];
  const hash = createHash('sha256');
  const missing = new Set(wanted);
  const unsupported = new Map<string, { count: number; readonly line: number; readonly reason: string }>();
  const scorersSeen = new Set<string>();
  let sampleCount = 0;
  for await (const sample of samples((problem) => problems.push(problem))) {
    sampleCount += 1;
    missing.delete(sample.id);
    hash.update(contentHash(sample));
    for (const scorer of sample.scorers ?? []) {
      const key = JSON.stringify(scorer);
      if (scorersSeen.has(key)) continue;
      scorersSeen.add(key);
      for (const problem of scorerProblems(scorer))
        problems.push({ file: source.displayPath, line: sample.line, ...problem });
    }
    for (const model of models) {
      const { messages, followUps } = buildConversation(sample, model);
      const reason = refusalOf(model, [...messages, ...followUps]);
      if (reason === null) continue;
      const seen = unsupported.get(model.id) ?? { count: 0, line: sample.line, reason };
      seen.count += 1;
      unsupported.set(model.id, seen);
    }
  }
  for (const id of missing)
    problems.push({ file: source.displayPath, message: `no sample "${id}"`, hint: 'see --sample' });
  if (problems.length === 0 && models.every((model) => unsupported.get(model.id)?.count === sampleCount)) {
    for (const model of models) {
      const { reason, line } = unsupported.get(model.id) ?? { reason: 'no samples', line: 1 };
      problems.push({
        file: source.displayPath,
        line,
        message: `model "${model.id}" can take no sample: ${reason}`,
        hint: 'see its modalities',
      });
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  const warnings = [...unsupported].map(
    ([id, { count, line, reason }]) =>
      `${source.displayPath}:${line} ${id} skips ${count} of ${sampleCount} samples, the first here: ${reason}`,
  );
  return { sampleCount, datasetHash: hash.digest('hex').slice(0, 32), warnings };
}
