/** The jobs of the queue: cells of one model, by their rows. They hold no prompt, no media and no secret. */

import { contentHash } from '../dataset/content-hash.ts';
import type { Sample } from '../types.ts';

/**
 * A cell: its row in every table, and the hashes of its request and of its sample, which tell a worker whether it has the same
 * one, with the same target and scorers. Jobs of earlier versions lack the last one.
 */
export type ChunkRow = readonly [row: number, requestHash: string, sampleHash?: string];

/** Hexadecimal digits: another sample is found with certainty enough, and Redis stays small. */
const HASH_LENGTH = 16;

export function sampleHash(sample: Sample): string {
  return contentHash(sample).slice(0, HASH_LENGTH);
}

export interface Chunk {
  readonly rows: readonly ChunkRow[];
}

/** A job by its model and its id: each model numbers its jobs from 1. */
export function chunkName(modelIndex: number, jobId: string | undefined): string {
  return `${modelIndex}-${jobId}`;
}

/** Which sample and repeat a row is of; see `cellsOf`. */
export function cellOfRow(
  row: number,
  models: number,
  repeat: number,
): { readonly sample: number; readonly repeat: number } {
  return { sample: Math.floor(row / (models * repeat)), repeat: row % repeat };
}
