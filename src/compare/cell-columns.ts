/** Columns of the cells of one model, filled result by result. */

import { type GrowingNumbers, growingNumbers } from '../collections/growing-numbers.ts';
import type { ByteRange } from '../journal/journal-line.ts';
import { soundSeconds } from '../reporters/rtfx.ts';
import { FAILURE_KINDS, type Result } from '../result.ts';
import { corpusParts } from '../scorers/registry.ts';
import { scoreAll } from '../summary/tally.ts';
import type { ColumnRates } from './pairs.ts';
import { fingerprint, MAX_METRICS } from './sample-table.ts';

/** What became of a cell. `states` has the index of one of these; the first one: the run has no result of the cell. */
export const CELL_STATES = [
  'missing',
  'answered',
  'refused',
  'filtered',
  'truncated',
  'unparsed',
  ...FAILURE_KINDS.map((kind) => `failed.${kind}` as const),
  ...FAILURE_KINDS.map((kind) => `skipped.${kind}` as const),
] as const;

export type CellState = (typeof CELL_STATES)[number];

/** Columns by cell, `sample * repeats + repeat`; NaN = missing. */
export interface CellColumns {
  readonly repeats: number;
  /** Index in `CELL_STATES`. */
  readonly states: Uint8Array;
  readonly latencyMs: Float64Array;
  /** Seconds of sound in the sample. */
  readonly soundSeconds: Float64Array;
  readonly promptTokens: Float64Array;
  readonly completionTokens: Float64Array;
  readonly costUsd: Float64Array;
  /** Fingerprints of what the model answered, but for case and blanks; 0 = no answer. */
  readonly answers: Uint32Array;
  /** Fingerprints of what was sent; 0 = no result. */
  readonly requests: Uint32Array;
  /** Where the result is in the journal, for `JournalReader.line`; a length of 0 = no result. */
  readonly offsets: Float64Array;
  readonly byteLengths: Uint32Array;
  /** By metric name as in `summary.csv`: `score`, `score_all`, `score.<name>`. The mean over repeats of each sample; NaN = none. */
  readonly metrics: ReadonlyMap<string, Float64Array>;
  /** The sum of `score_all` over the repeats of each sample: correct answers, if they pass or fail; NaN = none. */
  readonly points: Float64Array;
  /** The mean of the squares of `score_all` over the repeats of each sample; NaN = none. */
  readonly squares: Float64Array;
  /** 1 for samples that the model does not support, `NOT_ASKED` for those that no comparison needed. */
  readonly unsupported: Uint8Array;
  /** `score.<name>.raw` of metrics that are a sum over a sum: the sums of each sample over its repeats; NaN = none. */
  readonly rates: ReadonlyMap<string, ColumnRates>;
  /** Names of the models in the answers, sorted. */
  readonly servedModels: readonly string[];
  /** Names and versions of the scorers that made the scores, sorted. */
  readonly scorerVersions: readonly string[];
}

export interface CellColumnsBuilder {
  /** Replaces an earlier result of the cell. */
  set(sample: number, result: Result, line: ByteRange): void;
  finish(samples: number): CellColumns;
}

export function createCellColumns(repeats: number): CellColumnsBuilder {
  const states = growingNumbers(Uint8Array, 0);
  const latencyMs = growingNumbers(Float64Array, Number.NaN);
  const sounds = growingNumbers(Float64Array, Number.NaN);
  const promptTokens = growingNumbers(Float64Array, Number.NaN);
  const completionTokens = growingNumbers(Float64Array, Number.NaN);
  const costUsd = growingNumbers(Float64Array, Number.NaN);
  const answers = growingNumbers(Uint32Array, 0);
  const requests = growingNumbers(Uint32Array, 0);
  const offsets = growingNumbers(Float64Array, 0);
  const byteLengths = growingNumbers(Uint32Array, 0);
  const scores = createScoreColumns();
  const servedModels = new Set<string>();
  const scorerVersions = new Set<string>();

  return {
    set(sample, result, line) {
      const cell = sample * repeats + result.repeat;
      states.set(cell, stateOf(result));
      latencyMs.set(cell, result.timing.latencyMs ?? Number.NaN);
      sounds.set(cell, soundSeconds(result) ?? Number.NaN);
      promptTokens.set(cell, result.usage?.promptTokens ?? Number.NaN);
      completionTokens.set(cell, result.usage?.completionTokens ?? Number.NaN);
      costUsd.set(cell, result.costUsd ?? Number.NaN);
      answers.set(cell, result.status === 'completed' ? answerFingerprint(result) : 0);
      requests.set(cell, Number.parseInt(result.requestHash.slice(0, 8), 16) || 1);
      offsets.set(cell, line.offset);
      byteLengths.set(cell, line.byteLength);
      scores.set(cell, result);
      for (const { version } of result.scores) {
        if (version !== undefined && scorerVersions.size < MAX_METRICS) scorerVersions.add(version);
      }
      if (result.servedModel !== null && servedModels.size < MAX_METRICS) servedModels.add(result.servedModel);
    },
    finish(samples) {
      const cells = samples * repeats;
      return {
        repeats,
        states: states.take(cells),
        latencyMs: latencyMs.take(cells),
        soundSeconds: sounds.take(cells),
        promptTokens: promptTokens.take(cells),
        completionTokens: completionTokens.take(cells),
        costUsd: costUsd.take(cells),
        answers: answers.take(cells),
        requests: requests.take(cells),
        offsets: offsets.take(cells),
        byteLengths: byteLengths.take(cells),
        ...scores.finish(samples, repeats),
        unsupported: unsupportedSamples(states.take(cells), repeats),
        servedModels: [...servedModels].sort(),
        scorerVersions: [...scorerVersions].sort(),
      };
    },
  };
}

type Numbers = GrowingNumbers<Float64ArrayConstructor>;

/** Scores by cell; names of scorers may appear anywhere in the journal. */
function createScoreColumns() {
  const columns = new Map<string, Numbers>();
  const numerators = new Map<string, Numbers>();
  const denominators = new Map<string, Numbers>();
  const kept = [columns, numerators, denominators];
  const column = (of: Map<string, Numbers>, name: string) => {
    const known = of.get(name);
    if (known !== undefined || of.size >= MAX_METRICS) return known;
    const made = growingNumbers(Float64Array, Number.NaN);
    of.set(name, made);
    return made;
  };
  return {
    set(cell: number, result: Result) {
      for (const of of kept) for (const numbers of of.values()) numbers.set(cell, Number.NaN);
      column(columns, 'score')?.set(cell, result.score ?? Number.NaN);
      column(columns, 'score_all')?.set(cell, scoreAll(result) ?? Number.NaN);
      for (const { scorer, value, unit, counts } of result.scores) {
        column(columns, `score.${scorer}`)?.set(cell, value ?? Number.NaN);
        const parts = counts === undefined ? null : corpusParts(unit, counts);
        if (parts === null) continue;
        column(numerators, `score.${scorer}.raw`)?.set(cell, parts.numerator);
        column(denominators, `score.${scorer}.raw`)?.set(cell, parts.denominator);
      }
    },
    finish(samples: number, repeats: number): Pick<CellColumns, 'metrics' | 'rates' | 'points' | 'squares'> {
      const cells = samples * repeats;
      const ratesOf = (name: string, numbers: Numbers): ColumnRates => ({
        numerators: foldRepeats(numbers.take(cells), repeats, 'sum'),
        denominators: foldRepeats(denominators.get(name)?.take(cells) ?? new Float64Array(cells), repeats, 'sum'),
      });
      const all = columns.get('score_all')?.take(cells) ?? new Float64Array(cells).fill(Number.NaN);
      return {
        metrics: new Map(
          [...columns].map(([name, numbers]) => [name, foldRepeats(numbers.take(cells), repeats, 'mean')]),
        ),
        points: foldRepeats(all, repeats, 'sum'),
        squares: foldRepeats(
          all.map((score) => score * score),
          repeats,
          'mean',
        ),
        rates: new Map([...numerators].map(([name, numbers]) => [name, ratesOf(name, numbers)])),
      };
    },
  };
}

const UNSUPPORTED = CELL_STATES.indexOf('skipped.unsupported');
const DECIDED = CELL_STATES.indexOf('skipped.decided');

/** In `unsupported`: the run was decided without the sample. */
export const NOT_ASKED = 2;

function unsupportedSamples(states: Uint8Array, repeats: number): Uint8Array {
  const result = new Uint8Array(states.length / repeats);
  for (let cell = 0; cell < states.length; cell += 1) {
    const state = states[cell];
    if (state !== UNSUPPORTED && state !== DECIDED) continue;
    const sample = Math.floor(cell / repeats);
    const own = states.subarray(sample * repeats, (sample + 1) * repeats);
    if (own.every((other) => other === state || other === 0)) result[sample] = state === DECIDED ? NOT_ASKED : 1;
  }
  return result;
}

/** One number a sample over the repeats that have one; NaN = none has. */
function foldRepeats(cells: Float64Array, repeats: number, by: 'mean' | 'sum'): Float64Array {
  if (repeats === 1) return cells;
  return Float64Array.from({ length: cells.length / repeats }, (_, sample) => {
    let total = 0;
    let known = 0;
    for (let cell = sample * repeats; cell < (sample + 1) * repeats; cell += 1) {
      const value = cells[cell] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      total += value;
      known += 1;
    }
    if (known === 0) return Number.NaN;
    return by === 'sum' ? total : total / known;
  });
}

function stateOf(result: Result): number {
  const state: CellState =
    result.status === 'completed' || result.outcome === 'filtered'
      ? (result.outcome ?? 'filtered')
      : `${result.status}.${result.failure.kind}`;
  return CELL_STATES.indexOf(state);
}

type Completed = Extract<Result, { readonly status: 'completed' }>;

function answerFingerprint({ answer, earlierAnswers = [] }: Completed): number {
  const plain = [...earlierAnswers, answer].join('\n').normalize('NFKC').toLowerCase();
  return fingerprint(plain.trim().replace(/\s+/gu, ' '));
}
