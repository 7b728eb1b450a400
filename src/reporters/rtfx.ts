/** Real-time factor: how many seconds of sound a model works through in a second. */

import type { Result } from '../result.ts';

type Timed = Pick<Result, 'clipSeconds' | 'usage' | 'timing'>;

/** Seconds of sound in the sample: as measured, so that all models have the same, else as the endpoint reported. */
export function soundSeconds({ clipSeconds, usage }: Pick<Timed, 'clipSeconds' | 'usage'>): number | null {
  return clipSeconds ?? usage?.audioSeconds ?? null;
}

/** Seconds of sound for each second of latency; null = no sound, no answer, or an answer from the cache. */
export function rtfx(result: Timed): number | null {
  const seconds = soundSeconds(result);
  const { latencyMs } = result.timing;
  return seconds === null || latencyMs === null || latencyMs === 0 ? null : seconds / (latencyMs / 1000);
}

/** Seconds of sound in the prompt: as the endpoint reported them, else as measured in the files. */
export function billedSeconds({ clipSeconds, usage }: Pick<Timed, 'clipSeconds' | 'usage'>): number | null {
  return usage?.audioSeconds ?? clipSeconds ?? null;
}
