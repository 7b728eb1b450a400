/** From the command line to what is to be run: configuration, models, and one checked pass over the manifest. */

import type { OptionSpec } from '../command.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { selectModels } from '../config/select-models.ts';
import { contentHash } from '../dataset/content-hash.ts';
import { type DatasetSource, readManifest } from '../dataset/read-manifest.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import { quote } from '../text/quote.ts';
import { mediaFactsReader } from '../tokens/read-media-facts.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { brokenMedia } from './broken-media.ts';
import { type Findings, type Inspection, inspect, type PlannedSample } from './inspect.ts';

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

/** What the configuration and the command line say, before the manifest is read. */
export interface Setup {
  readonly config: LoadedConfig;
  readonly models: readonly ModelConfig[];
  readonly repeat: number;
  readonly source: DatasetSource;
  /** A fresh pass over the samples that take part. The first one checks ids, too. */
  readonly samples: (report: Report, isFirst: boolean) => AsyncIterable<Sample>;
}

type Report = (problem: Problem) => void;

/** A setup whose manifest is right. */
export interface PreparedSetup extends Omit<Setup, 'samples'>, Omit<Findings, 'problems' | 'fingerprints'> {
  /** The checked samples once more; what is no longer as it was is told and left out, without `report` it is thrown. */
  readonly samples: (report?: Report) => AsyncIterable<Sample>;
}

export interface SetupOptions {
  readonly requireKeys: boolean;
  /** Whether what is asked of whom must be known all the same: hashes are made of it; default false. */
  readonly requireWire?: boolean;
  /** Whether the manifest will be walked once and no more; default false. */
  readonly isOnlyPass?: boolean;
}

/** @throws {InputError} with everything that is wrong with the configuration or the options. */
export async function openSetup(
  selection: Selection,
  { cwd, env }: Pick<Io, 'cwd' | 'env'>,
  { requireKeys, requireWire = false, isOnlyPass = false }: SetupOptions,
): Promise<Setup> {
  const config = await loadConfig(selection.config, {
    cwd,
    env,
    requireKeys,
    requireWire,
    ...(selection.dataset === undefined ? {} : { dataset: selection.dataset }),
    ...(selection.model === undefined ? {} : { models: selection.model }),
  });
  const problems = selectionProblems(selection);
  if (problems.length > 0) throw new InputError(problems);
  const models = selection.model === undefined ? config.models : selectModels(config.models, selection.model);
  const source = config.dataset;
  const takesPart = sampleFilter(selection);
  return {
    config,
    models,
    repeat: selection.repeat ?? config.repeat,
    source,
    samples: (report, isFirst) =>
      filtered(readManifest(source, report, { uniqueIds: isFirst, isOnlyPass }), takesPart, selection.limit),
  };
}

async function* unchanged(
  { samples, source }: Setup,
  { fingerprints, sampleCount }: Findings,
  report: Report,
): AsyncGenerator<Sample> {
  let [same, told] = [0, 0];
  const tell: Report = (problem) => {
    told += 1;
    report({ file: source.displayPath, ...problem });
  };
  for await (const sample of samples(tell, false)) {
    if (fingerprints.has(sample.index, contentHash(sample))) {
      same += 1;
      yield sample;
    } else tell({ line: sample.line, message: `the sample ${quote(sample.id)} is not what was checked` });
  }
  if (same < sampleCount && told === 0) tell({ message: `${sampleCount - same} samples are gone` });
}

/** The one checked pass over a setup's samples. */
export function inspectSetup({ models, source, samples }: Setup, selection: Selection): Inspection {
  const first = (report: Report) => samples(report, true);
  return inspect({ models, displayPath: source.displayPath, samples: first, wanted: selection.sample ?? [] });
}

/**
 * Walks the manifest once; `look` sees every good sample on the way.
 * @throws {InputError} with everything that is wrong with it.
 */
export async function checkSetup(
  setup: Setup,
  selection: Selection,
  look: (sample: PlannedSample) => Promise<void> = async () => {},
): Promise<PreparedSetup> {
  const inspection = inspectSetup(setup, selection);
  const [facts, broken] = [mediaFactsReader(), [] as Problem[]];
  for await (const sample of inspection.samples()) {
    broken.push(...(await brokenMedia(sample, setup.source.displayPath, facts)));
    await look(sample);
  }
  const findings = inspection.findings();
  const all = [...findings.problems, ...broken].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (all.length > 0) throw new InputError(all);
  const { sampleCount, datasetHash, warnings } = findings;
  const samples = (report: Report = raise) => unchanged(setup, findings, report);
  return { ...setup, sampleCount, datasetHash, warnings, samples };
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
