/** Keeps the number of requests in flight within the number of files that the process may open. */

import { readdirSync, readFileSync } from 'node:fs';
import { isEmbedded } from '../models/embedded.ts';
import type { ModelConfig } from '../types.ts';

/** Requests in flight over all models by default: suits the sockets and memory of one machine. */
const DEFAULT_CONCURRENCY = 256;

/** Reserved for the journal, reports and name look-ups. */
const SPARE_FILES = 16;

/**
 * Returns how many requests may be in flight over all models: `wanted`, or fewer with a warning where `ulimit -n` is low.
 * Each host may keep that many connections, busy or idle; as many files again are left for media that is being read.
 */
export function requestsInFlight(
  wanted: number | undefined = DEFAULT_CONCURRENCY,
  models: readonly ModelConfig[],
  say: (line: string) => void,
): number {
  const files = openFiles();
  if (files === null) return wanted;
  const most = Math.max(1, Math.floor((files.limit - files.used - SPARE_FILES) / (hostsOf(models) + 1)));
  const ofModels = models.reduce(
    (sum, { limits: { concurrency } }) => sum + (concurrency === 'auto' ? 1 : concurrency),
    0,
  );
  const needed = Math.min(wanted, ofModels);
  if (needed > most) {
    say(
      `warning: this process may open ${files.limit} files · at most ${most} requests at the same time; raise the limit with ulimit -n`,
    );
  }
  return Math.min(wanted, most);
}

/** The embedded endpoint counts twice: both ends of its connections are in this process. */
function hostsOf(models: readonly ModelConfig[]): number {
  const hosts = new Set(
    models.map(({ provider, endpoint = '' }) => (URL.canParse(endpoint) ? new URL(endpoint).host : provider)),
  );
  return hosts.size + (models.some(isEmbedded) ? 1 : 0);
}

/** Of this process; null where the system does not report it (only Linux does, see proc(5)). */
function openFiles(): { readonly limit: number; readonly used: number } | null {
  try {
    const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    return Number.isNaN(limit) ? null : { limit, used: readdirSync('/proc/self/fd').length };
  } catch {
    return null;
  }
}
