/** All defaults of a configuration that do not depend on the endpoint; `docs/configuration.md` lists them. */

import type { Limits } from '../types.ts';

/** Of the members of the file. */
export const DEFAULTS = {
  repeat: 1,
  cache: false,
  /** USD. Cheaper runs start without asking. */
  confirmAbove: 1,
  queue: { prefix: '{earsight}', chunk: 20, auth: 'password' },
  /** With more missing cells than this fraction, a comparison measures the network and not the models (design 5.1). */
  maxErrorRate: 0.05,
  skipBroken: false,
  reporters: ['csv', 'html', 'markdown'],
} as const;

/** How Redis knows who connects. */
export const QUEUE_AUTHS = ['password', 'entra'] as const;
export type QueueAuth = (typeof QUEUE_AUTHS)[number];

/** Of `limits`, per model (design 5.2). */
export const DEFAULT_LIMITS: Limits = {
  /** Enough to hide latency, few enough for a small server; response headers show the quota of an endpoint. */
  concurrency: 8,
  /** Long answers of vision models take tens of seconds. */
  timeoutMs: 60_000,
  /** With random waits up to 0.5 s that double each time they span 8 s on average; throttled requests do not count. */
  retries: 5,
};

/** Of `limits` for embedded models: each has one thread, so a second request would wait there and be timed waiting. */
export const LOCAL_LIMITS: Limits = { ...DEFAULT_LIMITS, concurrency: 1 };
