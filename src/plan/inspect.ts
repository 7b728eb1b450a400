/** One checked pass over a manifest: what each model would be asked, and everything that is wrong. */

import { createHash } from 'node:crypto';
import { createFingerprints, type Fingerprints } from '../collections/fingerprints.ts';
import { contentHash } from '../dataset/content-hash.ts';
import type { Problem } from '../errors.ts';
import { scorerProblems } from '../scorers/registry.ts';
import { quote } from '../text/quote.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { notesOf } from './model-provider.ts';
import { createPlanner, type PlannedRequest } from './planned-request.ts';

/** What is looked through. */
export interface InspectionInput {
  readonly models: readonly ModelConfig[];
  /** Of the manifest, as the user wrote it. */
  readonly displayPath: string;
  /** The samples that take part; what is wrong goes to `report`. */
  readonly samples: (report: (problem: Problem) => void) => AsyncIterable<Sample>;
  /** Ids that must be there. */
  readonly wanted: readonly string[];
}

/** A sample with what each model is asked of it, in configuration order. */
export interface PlannedSample {
  readonly sample: Sample;
  readonly requests: readonly PlannedRequest[];
}

/** What a whole pass found. */
export interface Findings {
  readonly sampleCount: number;
  /** Of the content of all samples that take part, in order. */
  readonly datasetHash: string;
  readonly fingerprints: Fingerprints;
  /** Settings that are not sent, and what some models cannot take (those cells will be skipped), one sentence each. */
  readonly warnings: readonly string[];
  /** Empty = everything can be sent. */
  readonly problems: readonly Problem[];
}

export interface Inspection {
  /** The good samples in order; to be walked once and to the end. */
  samples(): AsyncGenerator<PlannedSample>;
  /** After the walk. */
  findings(): Findings;
}

export function inspect({ models, displayPath, samples, wanted }: InspectionInput): Inspection {
  const problems: Problem[] = [];
  const hash = createHash('sha256');
  const missing = new Set(wanted);
  const unsupported = countUnsupported(displayPath);
  const scorersSeen = new Set<string>();
  const fingerprints = createFingerprints();
  const absent = createAbsentMetadata(models);
  const planners = models.map(createPlanner);
  let sampleCount = 0;

  const checkScorers = ({ scorers = [], line }: Sample) => {
    const names = scorers.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) < index);
    if (twice !== undefined)
      problems.push({
        file: displayPath,
        line,
        message: `the scorer ${quote(twice)} stands twice`,
        hint: 'keep one: its name is a column',
      });
    for (const scorer of scorers) {
      const key = JSON.stringify(scorer);
      if (scorersSeen.has(key)) continue;
      scorersSeen.add(key);
      for (const problem of scorerProblems(scorer)) problems.push({ file: displayPath, line, ...problem });
    }
  };

  return {
    async *samples() {
      for await (const sample of samples((problem) => problems.push(problem))) {
        sampleCount += 1;
        missing.delete(sample.id);
        const content = contentHash(sample);
        hash.update(content);
        fingerprints.add(sample.index, content);
        checkScorers(sample);
        absent.look(sample);
        const requests = planners.map((planner) => planner.plan(sample));
        requests.forEach(unsupported.add);
        yield { sample, requests };
      }
    },
    findings() {
      const notThere = [...missing].map((id) => ({
        file: displayPath,
        message: `no sample "${id}"`,
        hint: 'see --sample',
      }));
      const found = [...problems, ...notThere];
      return {
        sampleCount,
        fingerprints,
        datasetHash: hash.copy().digest('hex').slice(0, 32),
        warnings: [...models.flatMap(notesOf), ...absent.warnings(), ...unsupported.warnings(sampleCount)],
        problems: found.length > 0 ? found : unsupported.problems(models, sampleCount),
      };
    },
  };
}

/** Metadata that a template names and no sample has: most likely misspelt, and filled in with nothing. */
function createAbsentMetadata(models: readonly ModelConfig[]) {
  const absent = new Map<string, string>();
  for (const { id, template = '' } of models)
    for (const [, key] of template.matchAll(/\{\{\s*meta\.([^{}]+?)\s*\}\}/g))
      if (key !== undefined) absent.set(key, id);
  return {
    look({ metadata }: Sample): void {
      for (const key of absent.keys()) if (Object.hasOwn(metadata, key)) absent.delete(key);
    },
    warnings: () => [...absent].map(([key, id]) => `the template of ${id} names meta.${key}, which no sample has`),
  };
}

/** Counts what models cannot take; the first of each is remembered. */
function countUnsupported(file: string) {
  const byModel = new Map<string, { count: number; readonly line: number; readonly reason: string }>();
  return {
    add({ sample, model, unsupported }: PlannedRequest): void {
      if (unsupported === null) return;
      const seen = byModel.get(model.id) ?? { count: 0, line: sample.line, reason: unsupported };
      seen.count += 1;
      byModel.set(model.id, seen);
    },
    warnings: (sampleCount: number) =>
      [...byModel].map(
        ([id, { count, line, reason }]) =>
          `${file}:${line} ${id} skips ${count} of ${sampleCount} samples, the first here: ${reason}`,
      ),
    /** Nothing would be sent at all. */
    problems(models: readonly ModelConfig[], sampleCount: number): readonly Problem[] {
      if (models.some(({ id }) => byModel.get(id)?.count !== sampleCount)) return [];
      return models.map(({ id }) => {
        const { reason, line } = byModel.get(id) ?? { reason: 'no samples', line: 1 };
        return { file, line, message: `model "${id}" can take no sample: ${reason}`, hint: 'see its modalities' };
      });
    },
  };
}
