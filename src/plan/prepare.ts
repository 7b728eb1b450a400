/** From command-line options to a checked setup: configuration, models, and one pass over the manifest. */

import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { selectModels } from '../config/select-models.ts';
import { contentHash } from '../dataset/content-hash.ts';
import { byPosition } from '../dataset/defect.ts';
import { isFormatName } from '../dataset/find-format.ts';
import { type BrokenMedium, brokenProblems } from '../dataset/media-cells.ts';
import { createNotes } from '../dataset/notes.ts';
import { withFormat } from '../dataset/open-format.ts';
import { parseMap } from '../dataset/parse-map.ts';
import { type DatasetSource, readManifest } from '../dataset/read-manifest.ts';
import { createRowsHash, type RowsHash } from '../dataset/rows-hash.ts';
import { InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import type { Selection } from '../report.ts';
import { placeholdersOf } from '../text/placeholders.ts';
import { quote } from '../text/quote.ts';
import { mediaFactsReader, type ReadFacts } from '../tokens/read-media-facts.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { notTaken, parseAblate, withAblated } from './ablation.ts';
import { hasMedia, unusableMedia } from './broken-media.ts';
import { createConversionCount } from './conversions.ts';
import { drawing } from './draw-rows.ts';
import { type Findings, type Inspection, inspect, type PlannedSample } from './inspect.ts';
import { createMediaWarnings } from './media-warnings.ts';
import { selectionProblems } from './selection-options.ts';
import { shardFilter } from './shard.ts';
import { createPromptCheck, type UnusedPrompt } from './unused-prompt.ts';

/** Configuration and options, before the manifest is read. */
export interface Setup {
  readonly config: LoadedConfig;
  readonly models: readonly ModelConfig[];
  readonly repeat: number;
  /** Whether samples with missing or broken media are left out instead of being problems. */
  readonly skipBroken: boolean;
  readonly source: DatasetSource;
  /** All rows of the manifest, filled by the first pass; null = they are not needed, or not all of them are read. */
  readonly rows: RowsHash | null;
  /** Wall clock in ms since 1970. */
  readonly now: () => number;
  /** Starts a new pass over the selected samples. The first pass also checks that ids are unique. */
  readonly samples: (report: Report, isFirst: boolean) => AsyncIterable<Sample>;
  /** What the dataset says and earsight cannot take over, as sentences; complete after the first pass. */
  readonly notes: () => readonly string[];
  /** A prompt that no sample takes; known after the first pass. */
  readonly unusedPrompt: () => UnusedPrompt;
}

type Report = (problem: Problem) => void;

/** A setup with a valid manifest. */
export interface PreparedSetup
  extends Omit<Setup, 'samples'>,
    Omit<Findings, 'problems' | 'fingerprints' | 'markBroken'> {
  /** Reads the checked samples again. Samples that have changed are left out and reported; without `report` the first one is thrown. */
  readonly samples: (report?: Report) => AsyncIterable<Sample>;
}

export interface SetupOptions {
  readonly requireKeys: boolean;
  /** Whether settings that are part of the request hash must have a value even without keys; default false. */
  readonly requireWire?: boolean;
  /** Ids of judges that will be asked instead of models. */
  readonly judges?: readonly string[];
  /** Whether the judges of the default scorers will be asked besides the models; default false. */
  readonly asksJudges?: boolean;
  /** Whether the rows of the whole manifest are hashed; default: those of a shard. */
  readonly hashRows?: boolean;
  /** See `ConfigContext.unlessQueued`. */
  readonly unlessQueued?: boolean;
  /** Whether a `--prompt` that no sample takes is a problem; default false, as earlier runs have such prompts recorded. */
  readonly requirePromptUse?: boolean;
  /** Whether media files are opened; default true. */
  readonly readsMedia?: boolean;
  /** Whether the manifest will be read only once; default false. */
  readonly isOnlyPass?: boolean;
  /** See `ConfigContext.needsManifest`. */
  readonly needsManifest?: boolean;
}

/** @throws {InputError} with all problems of the configuration and the options. */
export async function openSetup(
  selection: Selection,
  { cwd, env, now = Date.now, allowCode, config: given }: Pick<Io, 'cwd' | 'env' | 'now' | 'allowCode' | 'config'>,
  {
    requireKeys,
    requireWire = false,
    isOnlyPass = false,
    requirePromptUse = false,
    readsMedia = true,
    needsManifest = true,
    judges,
    asksJudges = false,
    unlessQueued = false,
    hashRows = selection.shard !== undefined,
  }: SetupOptions,
): Promise<Setup> {
  const map = selection.map === undefined ? undefined : parseMap(selection.map);
  const problems = [...selectionProblems(selection), ...(map !== undefined && 'problems' in map ? map.problems : [])];
  const { format } = selection;
  const loaded = await loadConfig(selection.config, {
    cwd,
    env,
    requireKeys,
    requireWire,
    asksJudges,
    unlessQueued,
    needsManifest,
    allowCode,
    given,
    ...(selection.dataset === undefined ? {} : { dataset: selection.dataset }),
    ...(format !== undefined && isFormatName(format) ? { format } : {}),
    ...(selection.model === undefined ? {} : { models: selection.model }),
    ...(selection.prompt === undefined ? {} : { prompt: selection.prompt }),
    ...(map !== undefined && 'map' in map ? map : {}),
    ...(selection.endpoint === undefined ? {} : { endpoint: selection.endpoint }),
    ...(selection.seed === undefined ? {} : { seed: selection.seed }),
    ...(judges === undefined ? {} : { models: judges }),
  });
  if (problems.length > 0) throw new InputError(problems);
  const config = selection.seed === undefined ? loaded : { ...loaded, seed: selection.seed };
  const chosen = selection.model === undefined ? config.models : selectModels(config.models, selection.model);
  const ablate = selection.ablate === undefined ? { media: [] } : parseAblate(selection.ablate);
  if ('problems' in ablate) throw new InputError(ablate.problems);
  const untaken = ablate.media.filter((medium) => !chosen.some(({ modalities }) => modalities.includes(medium)));
  if (untaken.length > 0 && judges === undefined) throw new InputError(untaken.map(notTaken));
  const models = withAblated(chosen, ablate.media);
  const source = await withFormat(models.every(writesWholeText) ? { prompt: '', ...config.dataset } : config.dataset);
  const isSelected = sampleFilter(selection);
  const skipBroken = selection.skipBroken ?? config.skipBroken;
  const notes = createNotes();
  const draw = drawing(source, selection);
  const prompt = createPromptCheck(source, { isStrict: requirePromptUse && selection.limit === undefined });
  const rows = hashRows && selection.limit === undefined ? createRowsHash() : null;
  return {
    config,
    models,
    repeat: selection.repeat ?? config.repeat,
    skipBroken,
    source,
    rows,
    now,
    async *samples(report, isFirst) {
      const drawn = await draw();
      const read = readManifest(source, report, {
        uniqueIds: isFirst,
        isOnlyPass,
        keepBroken: skipBroken,
        readsMedia,
        ...(isFirst ? { note: notes.add, onPrompt: prompt.onUse } : {}),
        ...(isFirst && rows !== null ? { onRow: rows.add } : {}),
        ...(drawn === null ? {} : { isWanted: (index) => drawn.has(index) }),
      });
      yield* filtered(read, isSelected, drawn === null ? selection.limit : undefined);
    },
    notes: notes.sentences,
    unusedPrompt: prompt.result,
  };
}

/** Whether the model's template leaves the prompt of a sample out. */
function writesWholeText({ template }: ModelConfig): boolean {
  return template !== undefined && !placeholdersOf(template).includes('prompt');
}

async function* unchanged(
  { samples, source }: Setup,
  { fingerprints, sampleCount, markBroken }: Findings,
  report: Report,
): AsyncGenerator<Sample> {
  let same = 0;
  let reported = 0;
  const reportInManifest: Report = (problem) => {
    reported += 1;
    report({ file: source.displayPath, ...problem });
  };
  for await (const sample of samples(reportInManifest, false)) {
    if (fingerprints.has(sample.index, contentHash(sample))) {
      same += 1;
      yield markBroken(sample);
    } else {
      reportInManifest({ line: sample.line, message: `sample ${quote(sample.id)} has changed since it was checked` });
    }
  }
  if (same < sampleCount && reported === 0) reportInManifest({ message: `${sampleCount - same} samples were removed` });
}

/** Starts the pass that checks a setup's samples. `recordedBroken` is that of the run that is resumed. */
export function inspectSetup(
  { config, models, source, skipBroken, samples, now }: Setup,
  selection: Selection,
  { facts = mediaFactsReader(), recordedBroken }: InspectionOptions = {},
): Inspection {
  const first = (report: Report) => samples(report, true);
  const { scorers, judges, stressAt } = config;
  return inspect({
    models,
    scorers,
    judges,
    displayPath: source.displayPath,
    samples: first,
    wanted: selection.sample ?? [],
    now: now(),
    facts,
    skipBroken,
    recordedBroken,
    stressAt,
    maxMediaBytes: source.maxMediaBytes,
  });
}

interface InspectionOptions {
  readonly facts?: ReadFacts;
  /** `RunDefinition.broken` of the run that is resumed; absent = none. */
  readonly recordedBroken?: string | undefined;
}

/** What a pass over the manifest has found. */
export interface Examination extends Findings {
  /** Of the manifest and its media, by line; empty = the run can start. */
  readonly problems: readonly Problem[];
}

export interface ExaminationOptions extends InspectionOptions {
  /** Gets every valid sample that can be sent. */
  readonly look?: (sample: PlannedSample) => Promise<void>;
  /** Whether media files are opened; default true. */
  readonly readsMedia?: boolean;
}

/** Reads and checks the whole manifest. */
export async function examineSetup(
  setup: Setup,
  selection: Selection,
  { look = async () => {}, facts = mediaFactsReader(), readsMedia = true, recordedBroken }: ExaminationOptions = {},
): Promise<Examination> {
  const inspection = inspectSetup(setup, selection, { facts, recordedBroken });
  const broken: BrokenMedium[] = [];
  const doubtful = createMediaWarnings(facts);
  const conversions = createConversionCount();
  for await (const planned of inspection.samples()) {
    const { sample, requests } = planned;
    if (sample.broken !== undefined) continue;
    if (hasMedia(sample)) {
      if (readsMedia) {
        const unusable = await unusableMedia(requests, facts, setup.source.maxMediaBytes);
        broken.push(...unusable.map((medium) => ({ ...medium, line: sample.line })));
        await doubtful.add(requests);
      }
      await conversions.add(requests, facts);
    }
    await look(planned);
  }
  const findings = inspection.findings();
  const unused = setup.unusedPrompt();
  const found = [...findings.problems, ...(await brokenProblems(setup.source, broken))].sort(byPosition);
  // Rows with problems may be those that take the prompt.
  const all = found.length > 0 ? found : unused.problems;
  const warnings = [
    ...setup.notes(),
    ...(found.length > 0 ? [] : unused.warnings),
    ...findings.warnings,
    ...doubtful.sentences(),
    ...conversions.sentences(),
  ];
  return { ...findings, warnings, problems: [...all, ...wayOut(all)] };
}

/**
 * Reads and checks the whole manifest; `look` gets every valid sample that can be sent.
 * @throws {InputError} with all problems of the manifest.
 */
export async function checkSetup(
  setup: Setup,
  selection: Selection,
  look: (sample: PlannedSample) => Promise<void> = async () => {},
  recordedBroken?: string,
): Promise<PreparedSetup> {
  const findings = await examineSetup(setup, selection, { look, recordedBroken });
  if (findings.problems.length > 0) throw new InputError(findings.problems);
  const { sampleCount, datasetHash, brokenRows, recorded, judges, warnings } = findings;
  const samples = (report: Report = raise) => unchanged(setup, findings, report);
  return { ...setup, sampleCount, datasetHash, brokenRows, recorded, judges, warnings, samples };
}

/** How to go on without repairing, when that is all that is wrong. */
function wayOut(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length === 0 || !problems.every(({ isMedia }) => isMedia === true)) return [];
  return [{ message: 'nothing was sent', hint: 'repair the media, or leave these samples out with --skip-broken' }];
}

function sampleFilter(selection: Selection): (item: Sample) => boolean {
  const ids = selection.sample === undefined ? null : new Set(selection.sample);
  const isInShard = shardFilter(selection);
  return (item) => isInShard(item) && (ids === null || ids.has(item.id));
}

async function* filtered(samples: AsyncIterable<Sample>, isSelected: (sample: Sample) => boolean, limit = Infinity) {
  let taken = 0;
  for await (const sample of samples) {
    if (taken >= limit) return;
    if (!isSelected(sample)) continue;
    taken += 1;
    yield sample;
  }
}

/** The manifest was valid when it was checked; a problem now means that it has changed since. */
function raise(problem: Problem): void {
  throw new InputError({
    ...problem,
    hint: `${problem.hint ?? 'it was valid before'}; the manifest changed during the run`,
  });
}
