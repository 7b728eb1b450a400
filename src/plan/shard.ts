/** Cuts a manifest into shards, so that several machines can each run one. */

import { hash } from 'node:crypto';
import type { Selection } from '../report.ts';
import type { Sample } from '../types.ts';

/** Hexadecimal digits of the hash that decides: a number below 2^48 is exact, and n is small against it. */
const DIGITS = 12;

/** Part and number of parts, both from 1 in a valid shard; zeros for text that is none. */
export function parseShard(shard: string): readonly [part: number, parts: number] {
  const match = /^(\d+)\/(\d+)$/.exec(shard);
  return match === null ? [0, 0] : [Number(match[1]), Number(match[2])];
}

/**
 * Whether a sample is in the shard of a selection. By the hash of its id, a sample stays in its shard when others are added
 * or removed. Runs of earlier versions took every n-th row, and are resumed so.
 */
export function shardFilter({ shard, shardBy = 'id' }: Selection): (sample: Pick<Sample, 'id' | 'index'>) => boolean {
  if (shard === undefined) return () => true;
  const [part, parts] = parseShard(shard);
  const numberOf = ({ id, index }: Pick<Sample, 'id' | 'index'>) =>
    shardBy === 'row' ? index : Number.parseInt(hash('sha256', id).slice(0, DIGITS), 16);
  return (sample) => numberOf(sample) % parts === part - 1;
}
