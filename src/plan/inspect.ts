/** Checks a manifest in one pass: plans each model's requests and collects all problems. */

import { createHash, type Hash } from 'node:crypto';
import { createFingerprints, type Fingerprints } from '../collections/fingerprints.ts';
import { parseRows } from '../collections/row-ranges.ts';
import type { StressPositions } from '../config/stress/stress-steps.ts';
import { contentHash, hashWithoutMedia } from '../dataset/content-hash.ts';
import type { Problem } from '../errors.ts';
import { retirementWarnings } from '../models/retirement.ts';
import { scoreName, scorerProblems, targetCheck } from '../scorers/registry.ts';
import { stressOf } from '../stress-kinds.ts';
import { placeholdersOf } from '../text/placeholders.ts';
import { quote } from '../text/quote.ts';
import type { ReadFacts } from '../tokens/read-media-facts.ts';
import type { ModelConfig, Sample, ScorerConfig } from '../types.ts';
import { createBrokenSamples, unusableMedia } from './broken-media.ts';
import { createJudgeCheck } from './judge-check.ts';
import { notesOf } from './model-provider.ts';
import { createScoringCheck } from './nothing-to-score.ts';
import { createPlanner, type PlannedRequest } from './planned-request.ts';

export interface InspectionInput {
  readonly models: readonly ModelConfig[];
  /** Scorers of samples without their own. */
  readonly scorers: readonly ScorerConfig[];
  /** Models that scorers may ask. */
  readonly judges: readonly ModelConfig[];
  /** Path of the manifest, as the user wrote it. */
  readonly displayPath: string;
  /** The selected samples; problems go to `report`. */
  readonly samples: (report: (problem: Problem) => void) => AsyncIterable<Sample>;
  /** Ids that must be in the manifest. */
  readonly wanted: readonly string[];
  /** Wall clock in ms since 1970, for the retirement of models. */
  readonly now: number;
  readonly facts: ReadFacts;
  /** Whether samples with broken media are yielded as `broken`. */
  readonly skipBroken: boolean;
  /** Largest medium; absent = the default. */
  readonly maxMediaBytes?: number | undefined;
  /** `RunDefinition.broken` of the run that is resumed; absent = none. */
  readonly recordedBroken?: string | undefined;
  /** Where the configuration asks for stress of media. */
  readonly stressAt?: StressPositions | undefined;
}

/** A sample with its request to each model, in configuration order. */
export interface PlannedSample {
  readonly sample: Sample;
  readonly requests: readonly PlannedRequest[];
}

/** The result of a complete pass. */
export interface Findings {
  readonly sampleCount: number;
  /** Hash of the content of all selected samples, in order; of broken ones without their media. */
  readonly datasetHash: string;
  /** Rows of the broken samples, see `RowRanges.text`; empty = none. */
  readonly brokenRows: string;
  /** The hash if the samples were broken that the resumed run has as such: it ignores that they were repaired. null = none were. */
  readonly recorded: { readonly datasetHash: string; readonly brokenRows: string } | null;
  /** Returns a sample of a later pass as broken when it was so in this one. */
  readonly markBroken: (sample: Sample) => Sample;
  readonly fingerprints: Fingerprints;
  /**
   * One sentence each: settings that are not sent or that a model refuses, models that are retired or soon will be, that
   * nothing will be scored, and content that some models do not support (those cells are skipped).
   */
  readonly warnings: readonly string[];
  /** The judges that scorers ask. */
  readonly judges: readonly ModelConfig[];
  /** Empty = the run can start. */
  readonly problems: readonly Problem[];
}

export interface Inspection {
  /** The valid samples in order; read them once and to the end. */
  samples(): AsyncGenerator<PlannedSample>;
  /** Call it after the last sample. */
  findings(): Findings;
}

export function inspect(input: InspectionInput): Inspection {
  const { models, scorers, displayPath, samples, wanted, now, facts, skipBroken } = input;
  const problems: Problem[] = [];
  const hashes = createDatasetHashes(input.recordedBroken);
  const broken = createBrokenSamples(displayPath);
  const missing = new Set(wanted);
  const unsupported = countUnsupported(displayPath, input.stressAt);
  const findScorerProblems = createScorerCheck(displayPath);
  const findTargetProblems = createTargetCheck(displayPath, scorers);
  const fingerprints = createFingerprints();
  const absent = createAbsentMetadata(models);
  const scoring = createScoringCheck(displayPath, scorers);
  const judging = createJudgeCheck(input.judges, scorers, displayPath);
  const notes = collectNotes(models);
  const planners = models.map(createPlanner);
  const measures = planners.some((planner) => planner.measures);
  let sampleCount = 0;

  return {
    async *samples() {
      for await (const sample of samples((problem) => problems.push(problem))) {
        sampleCount += 1;
        missing.delete(sample.id);
        problems.push(...findScorerProblems(sample), ...findTargetProblems(sample));
        absent.look(sample);
        scoring.look(sample);
        judging.look(sample);
        const requests = measures
          ? await Promise.all(planners.map((planner) => planner.planMeasured(sample, facts)))
          : planners.map((planner) => planner.plan(sample));
        const reason = skipBroken
          ? (sample.broken ??
            ((await unusableMedia(requests, facts, input.maxMediaBytes)).map(({ message }) => message).join('; ') ||
              null))
          : null;
        fingerprints.add(sample.index, hashes.add(sample, reason !== null));
        if (reason === null) requests.forEach(unsupported.add);
        if (sample.params !== undefined) requests.forEach(notes.add);
        yield { sample: reason === null ? sample : broken.add(sample, reason), requests };
      }
    },
    findings() {
      const notFound = [...missing].map((id) => ({
        file: displayPath,
        message: `no sample "${id}"`,
        hint: 'check --sample',
      }));
      const found = [...problems, ...judging.problems(), ...notFound];
      const unusable = found.length > 0 ? [] : unsupported.problems(models, sampleCount);
      return {
        sampleCount,
        fingerprints,
        ...hashes.digests(),
        brokenRows: broken.rows(),
        judges: judging.asked(),
        markBroken: broken.mark,
        warnings: [
          ...broken.warnings(sampleCount),
          ...retirementWarnings(models, now),
          ...notes.sentences(),
          ...absent.warnings(),
          ...scoring.warnings(),
          ...(unusable.length > 0 ? [] : unsupported.warnings(sampleCount)),
        ],
        problems: found.length > 0 ? found : [...broken.problems(sampleCount), ...unusable],
      };
    },
  };
}

/** Hashes the samples as they are, and as a resumed run has them. */
function createDatasetHashes(recordedBroken: string | undefined) {
  const now = createHash('sha256');
  const recorded =
    recordedBroken === undefined ? null : { hash: createHash('sha256'), rows: parseRows(recordedBroken) };
  const digest = (hash: Hash) => hash.copy().digest('hex').slice(0, 32);
  return {
    /** Returns the sample's own content hash. */
    add(sample: Sample, isBroken: boolean): string {
      const content = contentHash(sample);
      now.update(isBroken ? hashWithoutMedia(sample) : content);
      recorded?.hash.update(recorded.rows.has(sample.index) ? hashWithoutMedia(sample) : content);
      return content;
    },
    digests: () => ({
      datasetHash: digest(now),
      recorded: recorded === null ? null : { datasetHash: digest(recorded.hash), brokenRows: recorded.rows.text() },
    }),
  };
}

/** Checks the scorers of samples; the options of equal scorers are checked once. */
function createScorerCheck(file: string): (sample: Sample) => readonly Problem[] {
  const checked = new Set<string>();
  return ({ scorers = [], line }) => {
    const problems: Problem[] = [];
    const names = scorers.map(scoreName);
    const duplicate = names.find((name, index) => names.indexOf(name) < index);
    if (duplicate !== undefined)
      problems.push({
        file,
        line,
        message: `scorer ${quote(duplicate)} is listed twice`,
        hint: 'keep one, or name one with `as`: the name is a column in the results',
      });
    for (const scorer of scorers) {
      const key = JSON.stringify(scorer);
      if (checked.has(key)) continue;
      checked.add(key);
      for (const problem of scorerProblems(scorer)) problems.push({ file, line, ...problem });
    }
    return problems;
  };
}

/** Checks the targets of samples and their turns for the scorers that will compare them. */
function createTargetCheck(file: string, defaults: readonly ScorerConfig[]): (sample: Sample) => readonly Problem[] {
  const defaultChecks = defaults.map(targetCheck);
  return ({ scorers, target, turns, line }) => {
    const targets = [target, ...turns.map((turn) => turn.target)];
    const checks = scorers?.map(targetCheck) ?? defaultChecks;
    return checks.flatMap((check) =>
      targets.flatMap((one) => {
        const problem = check?.(one);
        return problem === undefined ? [] : [{ file, line, ...problem }];
      }),
    );
  };
}

/** Finds metadata that a template names and no sample has: probably misspelt, and replaced by an empty text. */
function createAbsentMetadata(models: readonly ModelConfig[]) {
  const absent = new Map<string, string>();
  for (const { id, template = '' } of models)
    for (const name of placeholdersOf(template))
      if (name.startsWith('meta.')) absent.set(name.slice('meta.'.length), id);
  return {
    look({ metadata }: Sample): void {
      for (const key of absent.keys()) if (Object.hasOwn(metadata, key)) absent.delete(key);
    },
    warnings: () => [...absent].map(([key, id]) => `the template of ${id} uses meta.${key}, which no sample has`),
  };
}

/** What there is to say of the settings of the models, and of the parameters that samples change. */
function collectNotes(models: readonly ModelConfig[]) {
  const sentences = new Set(models.flatMap(notesOf));
  return {
    add({ model, params }: PlannedRequest): void {
      for (const note of notesOf({ ...model, params })) sentences.add(note);
    },
    sentences: () => [...sentences],
  };
}

/** Whether a model is another one with changed media. */
const isChanged = ({ without, media }: ModelConfig) => without !== undefined || stressOf(media) !== null;

/** Of the steps of one kind of stress, the first. */
function firstOfKind(models: readonly ModelConfig[]): readonly ModelConfig[] {
  const kindOf = ({ id, media }: ModelConfig) => stressOf(media)?.kind ?? id;
  return models.filter((model, index) => models.findIndex((other) => kindOf(other) === kindOf(model)) === index);
}

/** Counts the samples that each model does not support, and remembers the first one. */
function countUnsupported(file: string, stressAt: StressPositions = new Map()) {
  const byModel = new Map<string, { count: number; readonly line: number; readonly reason: string }>();
  const changedIds = new Set<string>();
  return {
    add({ sample, model, unsupported }: PlannedRequest): void {
      if (unsupported === null) return;
      const seen = byModel.get(model.id) ?? { count: 0, line: sample.line, reason: unsupported };
      seen.count += 1;
      byModel.set(model.id, seen);
      if (isChanged(model)) changedIds.add(model.id);
    },
    warnings: (sampleCount: number) => {
      const said = new Set<string>();
      return [...byModel].flatMap(([id, { count, line, reason }]) => {
        // All steps of a stress test skip the same samples, and one of them says it.
        const key = changedIds.has(id) ? `${count} ${line} ${reason}` : id;
        if (said.has(key)) return [];
        said.add(key);
        const others = [...byModel].filter(
          ([other, its]) => changedIds.has(other) && `${its.count} ${its.line} ${its.reason}` === key,
        ).length;
        const who = others > 1 ? `${id} and ${others - 1} more skip` : `${id} skips`;
        return [`${file}:${line} ${who} ${count} of ${sampleCount} samples, the first on this line: ${reason}`];
      });
    },
    /** When no model supports any sample, nothing would be sent; nor to an ablated one without a sample with its medium. */
    problems(models: readonly ModelConfig[], sampleCount: number): readonly Problem[] {
      const isIdle = ({ id }: ModelConfig) => byModel.get(id)?.count === sampleCount;
      const changed = models.filter((model) => isChanged(model) && isIdle(model));
      // A model that was made for a medium of the samples says nothing without it.
      if (changed.length > 0)
        return firstOfKind(changed).map(({ id, media }) => {
          const stress = stressOf(media);
          const place = stress === null ? undefined : stressAt.get(stress.kind);
          const [reason = '', hint = 'leave this medium out'] = byModel.get(id)?.reason.split(' · ') ?? [];
          const all = sampleCount === 1 ? 'this is the only sample' : `so it is with all ${sampleCount} samples`;
          return { ...(place ?? { file }), message: `model "${id}": ${reason}, and ${all}`, hint };
        });
      if (!models.every(isIdle)) return [];
      return models.map(({ id }) => {
        const { reason, line } = byModel.get(id) ?? { reason: 'no samples', line: 1 };
        const problem = { file, line, message: `model "${id}" supports no sample: ${reason}` };
        // Some reasons say what to do themselves.
        return reason.includes(' · ') ? problem : { ...problem, hint: 'check its modalities' };
      });
    },
  };
}
