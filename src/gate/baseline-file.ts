/** The file of a baseline: JSON lines, the head first, then a line for each sample, so that a change is a small diff. */

import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readTextSync } from '../files/open-file.ts';
import { BASELINE_FORMAT, type Baseline, type BaselineHead, type BaselineSample } from './baseline.ts';
import type { Measure } from './run-measures.ts';

/** A line of 300 bytes for each of a million samples. */
const MAX_BYTES = 512 * 2 ** 20;

/** Sums and counts that are equal in a hundred thousand samples make the file twice as long: a count of 1 is left out. */
type StoredMeasure = number | readonly [total: number, count: number];

/** The lines of the file, each with its line feed. */
export function* baselineLines({ head, samples }: Baseline, withAnswers: boolean): Generator<string> {
  yield `${JSON.stringify(head)}\n`;
  for (const { id, key, prompt, scorers, models } of samples.values()) {
    const stored = [...models].map(([model, { values, answers }]) => {
      const measures = Object.fromEntries([...values].map(([name, measure]) => [name, storedMeasure(name, measure)]));
      return [model, { ...measures, ...(withAnswers ? { answers } : {}) }];
    });
    yield `${JSON.stringify({ id, key, prompt, scorers, models: Object.fromEntries(stored) })}\n`;
  }
}

/** Digits that only rounding made, such as 0.30000000000000004, would fill the file. */
function storedMeasure(figure: string, { total, count }: Measure): StoredMeasure {
  const steps = figure === 'latency_ms' ? 10 : 1e12;
  const rounded = Math.abs(total) * steps < Number.MAX_SAFE_INTEGER ? Math.round(total * steps) / steps : total;
  return count === 1 ? rounded : [rounded, count];
}

const finite = z.number();
const measureSchema = z.union([finite, z.tuple([finite, z.int().min(1)])]);
const settingsSchema = z.record(z.string(), z.unknown());

const headSchema = z.object({
  format: z.literal(BASELINE_FORMAT),
  formatVersion: z.literal(1),
  name: z.string(),
  createdAt: z.iso.datetime(),
  earsightVersion: z.string(),
  runs: z
    .array(
      z.object({
        runId: z.string(),
        createdAt: z.iso.datetime(),
        repeat: z.int().min(1),
        scoreSet: z.string().optional(),
      }),
    )
    .min(1),
  dataset: z.object({ sha256: z.string(), samples: z.int().min(0) }),
  scorers: z.array(z.unknown()),
  models: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      model: z.string(),
      settings: settingsSchema.nullable(),
      served: z.array(z.string()),
    }),
  ),
});

const sampleSchema = z.object({
  id: z.string(),
  key: z.string(),
  prompt: z.string(),
  scorers: z.array(z.string()),
  models: z.record(z.string(), z.object({ answers: z.array(z.string()).optional() }).catchall(measureSchema)),
});

/** Whether a text begins as the file of a baseline does. */
export function isBaselineText(text: string): boolean {
  return text.startsWith(`{"format":"${BASELINE_FORMAT}"`);
}

/** Reads a baseline. `shown` is the path as the user wrote it. @throws {InputError} with the line that cannot be read. */
export function readBaseline(path: string, shown: string): Baseline {
  const lines = textOf(path, shown).split('\n');
  const head = parsed(lines[0] ?? '', headSchema, { file: shown, line: 1 }) as BaselineHead;
  const samples = new Map<string, BaselineSample>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const place = { file: shown, line: index + 1 };
    const { models, ...sample } = parsed(line, sampleSchema, place);
    if (samples.has(sample.id)) throw broken(place, 'has a sample that an earlier line has, too');
    for (const [, values] of Object.entries(models)) requireShares(values, place);
    samples.set(sample.id, { ...sample, models: new Map(Object.entries(models).map(measuresOf)) });
  }
  if (samples.size !== head.dataset.samples)
    throw broken({ file: shown }, `holds ${samples.size} samples instead of ${head.dataset.samples}`);
  return { head, samples };
}

function textOf(path: string, shown: string): string {
  let text: string;
  try {
    text = readTextSync(path, { maxBytes: MAX_BYTES, followLinks: true });
  } catch (error) {
    if (error instanceof InputError) throw error;
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) throw error;
    throw new InputError({ file: shown, message: 'does not exist', hint: 'write it with earsight baseline set RUN' });
  }
  if (isBaselineText(text)) return text;
  throw broken({ file: shown, line: 1 }, 'is not a baseline');
}

interface Place {
  readonly file: string;
  readonly line?: number;
}

function parsed<T>(line: string, schema: z.ZodType<T>, place: Place): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw broken(place, 'is not JSON');
  }
  const { data, error } = schema.safeParse(value);
  if (data !== undefined) return data;
  const where = error?.issues[0]?.path.map(String).join('.') ?? '';
  throw broken(place, `is not a line of a baseline${where === '' ? '' : ` (see ${where.slice(0, 80)})`}`);
}

function broken(place: Place, message: string): InputError {
  return new InputError({
    ...place,
    message,
    hint: 'restore the file, or write it again with earsight baseline set RUN',
  });
}

type StoredModel = z.infer<typeof sampleSchema>['models'][string];

/** A score above 1 in a file that somebody edited would look like a better baseline. */
function requireShares(values: StoredModel, place: Place): void {
  for (const [figure, stored] of Object.entries(values)) {
    if (figure === 'answers') continue;
    const { total, count } = measureOf(stored as StoredMeasure);
    const isScore = figure.startsWith('score');
    if (total >= 0 && (!isScore || total <= count * (1 + ROUNDING))) continue;
    throw broken(place, `has the value ${total / count} for ${figure.slice(0, 60)}, which is not possible`);
  }
}

const ROUNDING = 1e-9;

function measuresOf([model, { answers = [], ...values }]: readonly [string, StoredModel]) {
  const measures = Object.entries(values).map(
    ([figure, stored]) => [figure, measureOf(stored as StoredMeasure)] as const,
  );
  return [model, { values: new Map(measures), answers }] as const;
}

function measureOf(stored: StoredMeasure): Measure {
  return typeof stored === 'number' ? { total: stored, count: 1 } : { total: stored[0], count: stored[1] };
}
