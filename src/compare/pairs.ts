/** Pairs two models on the samples that both have. */

import { gather, gatherWhole, keep, range } from '../collections/gather.ts';
import type { SampleTable } from './sample-table.ts';

/** The same samples by their numbers in two tables, in the order of the second one's manifest. */
export interface CommonSamples {
  readonly a: Uint32Array;
  readonly b: Uint32Array;
  /** Samples that only the first table has, and only the second. */
  readonly onlyA: Uint32Array;
  readonly onlyB: Uint32Array;
}

/** Pairs samples on `sampleKey`. */
export function commonSamples(a: SampleTable, b: SampleTable): CommonSamples {
  const order = inManifestOrder(b);
  if (a === b) return { a: order, b: order, onlyA: new Uint32Array(), onlyB: new Uint32Array() };
  const inA = order.map((number) => a.numberOf(b.keys[number] ?? '') ?? NONE);
  return {
    a: inA.filter((number) => number !== NONE),
    b: order.filter((_, index) => inA[index] !== NONE),
    onlyA: inManifestOrder(a).filter((number) => b.numberOf(a.keys[number] ?? '') === undefined),
    onlyB: order.filter((_, index) => inA[index] === NONE),
  };
}

const NONE = 0xffff_ffff;

/** Numbers of all samples, by their rows. */
export function inManifestOrder({ count, rows }: Pick<SampleTable, 'count' | 'rows'>): Uint32Array {
  return range(count).sort((a, b) => (rows[a] ?? 0) - (rows[b] ?? 0));
}

/** Values of both models on the samples where both have one, sample by sample. */
export interface PairedValues {
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** Positions of these samples in `CommonSamples`. */
  readonly positions: Uint32Array;
  /** One number for each pair, equal for samples that are not independent; undefined = all are independent. */
  readonly clusters: Uint32Array | undefined;
  /** Common samples where only B has no value, only A has none, and neither has one. */
  readonly dropped: { readonly onlyA: number; readonly onlyB: number; readonly neither: number };
}

/** `a` and `b` are columns by sample number, NaN = no value; `clusters` are those of the second table. */
export function pairValues(
  common: CommonSamples,
  a: Float64Array,
  b: Float64Array,
  clusters: Uint32Array,
): PairedValues {
  let [onlyA, onlyB, neither] = [0, 0, 0];
  const positions = keep(range(common.a.length), (position) => {
    const isInA = !Number.isNaN(a[common.a[position] ?? 0]);
    const isInB = !Number.isNaN(b[common.b[position] ?? 0]);
    if (isInA && !isInB) onlyA += 1;
    if (!isInA && isInB) onlyB += 1;
    if (!isInA && !isInB) neither += 1;
    return isInA && isInB;
  });
  const [numbersA, numbersB] = [gatherWhole(common.a, positions), gatherWhole(common.b, positions)];
  return {
    a: gather(a, numbersA),
    b: gather(b, numbersB),
    positions,
    clusters: sharedClusters(numbersB, clusters),
    dropped: { onlyA, onlyB, neither },
  };
}

/** Sums of both models on the samples where both have them. */
export interface PairedRates {
  readonly a: ColumnRates;
  readonly b: ColumnRates;
  readonly clusters: Uint32Array | undefined;
}

/** The same for sums over sums. */
export function pairRates(common: CommonSamples, a: ColumnRates, b: ColumnRates, clusters: Uint32Array): PairedRates {
  const numerators = pairValues(common, a.numerators, b.numerators, clusters);
  const pick = (values: Float64Array, numbers: Uint32Array) =>
    gather(values, gatherWhole(numbers, numerators.positions));
  return {
    a: { numerators: numerators.a, denominators: pick(a.denominators, common.a) },
    b: { numerators: numerators.b, denominators: pick(b.denominators, common.b) },
    clusters: numerators.clusters,
  };
}

/** Sums by sample number, NaN = none. */
export interface ColumnRates {
  readonly numerators: Float64Array;
  readonly denominators: Float64Array;
}

/** Cluster numbers of these samples; undefined when no two of them share a cluster, because statistics then need none. */
export function sharedClusters(numbers: Uint32Array, clusters: Uint32Array): Uint32Array | undefined {
  const own = gatherWhole(clusters, numbers);
  const sorted = own.slice().sort();
  for (let at = 1; at < sorted.length; at += 1) if (sorted[at] === sorted[at - 1]) return own;
  return undefined;
}
