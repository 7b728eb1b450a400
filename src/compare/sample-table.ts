/** What is known of the samples of a run: one number a sample, columns by that number. */

import { crc32 } from 'node:zlib';
import { type GrowingNumbers, growingNumbers } from '../collections/growing-numbers.ts';
import { HashSet64 } from '../collections/hash-set-64.ts';
import { mediaOfCard } from '../modalities.ts';
import type { Result, SampleCard } from '../result.ts';
import { ALL, createSlices } from '../summary/slices.ts';
import { clusterOf } from '../summary/tally.ts';

/** Slices of one run; a dataset with more has metadata that identify samples. */
const MAX_SLICES = 1000;

/** Samples by number, in the order in which the journal names them first. */
export interface SampleTable {
  readonly count: number;
  readonly ids: readonly string[];
  /** `sampleKey`s. */
  readonly keys: readonly string[];
  /** The number of a sample; undefined = the run does not have it. */
  numberOf(key: string): number | undefined;
  /** Rows of the samples in the manifest. */
  readonly rows: Uint32Array;
  /** Samples with the same number are not independent; every other sample has a number of its own. */
  readonly clusters: Uint32Array;
  /** Fingerprints of the prompts as the manifest has them, before a model's template. */
  readonly prompts: Uint32Array;
  /** By metric name: 1 for samples that are to be scored by it, also where no score was given. */
  readonly asked: ReadonlyMap<string, Uint8Array>;
  /** `meta.<key>=<value>`, `tag=<tag>`, `modality=<modality>` with the numbers of their samples, sorted by name. */
  slices(): readonly SampleSlice[];
}

/** More than any configuration has; a hostile journal could have one for each line. */
export const MAX_METRICS = 100;

/** The metrics of a sample that these scorers judge. */
function metricsOf(scorers: readonly string[]): readonly string[] {
  return scorers.length === 0 ? [] : ['score', 'score_all', ...scorers.map((name) => `score.${name}`)];
}

/** Samples with something in common. */
export interface SampleSlice {
  readonly name: string;
  readonly samples: Uint32Array;
}

/** Tells texts of one sample apart with 4 bytes: one change in 4 billion is not detected. Never 0. */
export function fingerprint(text: string): number {
  const sum = crc32(text);
  return sum === 0 ? 1 : sum;
}

/** A table that is filled result by result. */
export interface SampleTableBuilder {
  /** Returns the number of the sample; a sample that is known keeps what is known of it. */
  add(result: Pick<Result, 'sampleKey' | 'sampleId' | 'sampleIndex' | 'sample' | 'scorers'>): number;
  finish(): SampleTable;
}

export function createSampleTable(): SampleTableBuilder {
  const numbers = new HashSet64();
  const clusterNumbers = new HashSet64();
  const ids: string[] = [];
  const keys: string[] = [];
  const rows = growingNumbers(Uint32Array, 0);
  const clusters = growingNumbers(Uint32Array, 0);
  const prompts = growingNumbers(Uint32Array, 0);
  const asked = new Map<string, GrowingNumbers<Uint8ArrayConstructor>>();
  const slices = createSliceLists();
  /** Neighbours in the journal are often of one sample. */
  let last = { key: '', number: -1 };

  return {
    add(result) {
      const { sampleKey, sample } = result;
      if (last.number >= 0 && last.key === sampleKey) return last.number;
      const known = numbers.add(sampleKey, ids.length);
      last = { key: sampleKey, number: known ?? ids.length };
      if (known !== undefined) return known;
      const number = ids.length;
      ids.push(result.sampleId);
      keys.push(sampleKey);
      rows.set(number, result.sampleIndex);
      const cluster = clusterOf(result);
      clusters.set(number, cluster === null ? number : (clusterNumbers.add(cluster, number) ?? number));
      prompts.set(number, fingerprint(sample.prompt));
      for (const metric of metricsOf(result.scorers)) {
        const column = asked.get(metric) ?? growingNumbers(Uint8Array, 0);
        if (asked.size < MAX_METRICS) asked.set(metric, column);
        column.set(number, 1);
      }
      slices.add(sample);
      return number;
    },
    finish() {
      const count = ids.length;
      return {
        count,
        ids,
        keys,
        numberOf: (key) => numbers.get(key),
        rows: rows.take(count),
        clusters: clusters.take(count),
        prompts: prompts.take(count),
        asked: new Map([...asked].map(([metric, column]) => [metric, column.take(count)])),
        slices: slices.list,
      };
    },
  };
}

/** The slices of each sample, as lists of slice numbers one after the other. */
function createSliceLists() {
  const kinds = createSlices();
  const numbers = new Map<string, number>();
  const members = growingNumbers(Uint32Array, 0);
  const ends = growingNumbers(Uint32Array, 0);
  let samples = 0;
  let length = 0;
  return {
    /** Call it once for each sample, in their order. */
    add(sample: SampleCard) {
      const own = [`modality=${modalityOf(sample)}`, ...kinds.of(sample).filter((slice) => slice !== ALL)];
      for (const name of own) {
        const number = numbers.get(name) ?? numbers.size;
        if (number >= MAX_SLICES) continue;
        numbers.set(name, number);
        members.set(length, number);
        length += 1;
      }
      ends.set(samples, length);
      samples += 1;
    },
    list(): readonly SampleSlice[] {
      const lists = Array.from({ length: numbers.size }, () => [] as number[]);
      for (let sample = 0, at = 0; sample < samples; sample += 1) {
        for (; at < ends.get(sample); at += 1) lists[members.get(at)]?.push(sample);
      }
      return [...numbers]
        .map(([name, number]) => ({ name, samples: Uint32Array.from(lists[number] ?? []) }))
        .filter(({ name, samples: own }) => kinds.isKept(name) && own.length < samples)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

function modalityOf(card: SampleCard): string {
  const kinds = new Set(mediaOfCard(card).map(({ kind }) => kind));
  return kinds.size === 0 ? 'text' : [...kinds].join('+');
}
