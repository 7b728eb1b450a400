/** Tells which models of a run are asked by no live worker: their cells wait until somebody starts one. */

import type { WorkerInfo } from './worker-info.ts';

/** Nobody asks a model for so long before it is said, and said again. */
const ALONE_MS = 30_000;
/** It is said the first time after this time: workers start together. */
const FIRST_MS = 3000;

/** Why a live worker does not ask the model; '' = no live worker says, undefined = one asks it. */
export function unservedReason(modelId: string, workers: readonly WorkerInfo[]): string | undefined {
  if (workers.some(({ models }) => models.includes(modelId))) return undefined;
  return workers.flatMap(({ missing }) => missing[modelId] ?? [])[0] ?? '';
}

/** `lines` is called every second or so, and returns what is to be said now. */
export function createUnservedWatch(modelIds: readonly string[], shown: string, now: () => number) {
  const servedAt = new Map(modelIds.map((id) => [id, now() - ALONE_MS + FIRST_MS]));
  return {
    lines(workers: readonly WorkerInfo[]): readonly string[] {
      const lines = new Set<string>();
      for (const [modelId, since] of servedAt) {
        const reason = unservedReason(modelId, workers);
        const isDue = now() - since > ALONE_MS;
        if (reason === undefined || isDue) servedAt.set(modelId, now());
        if (reason !== undefined && isDue) lines.add(unserved(modelId, reason, workers.length, shown));
      }
      return [...lines];
    },
  };
}

function unserved(modelId: string, reason: string, alive: number, shown: string): string {
  if (alive === 0) return `no worker is alive · start some with earsight worker --queue URL (${shown})`;
  return `no worker asks ${modelId}${reason === '' ? '' : `: ${reason}`} · start one that has what it needs`;
}
