/** Every default of a configuration that does not depend on the endpoint; `docs/configuration.md` lists them. */

import type { Limits } from '../types.ts';

/** Of the file's own members. */
export const DEFAULTS = {
  repeat: 1,
  cache: false,
  /** USD. Cheap runs start without a question. */
  confirmAbove: 1,
  /** Above this fraction of missing cells a comparison says more about the network than about models (design 5.1). */
  maxErrorRate: 0.05,
  reporters: ['csv', 'markdown'],
} as const;

/** Of `limits`, per model (design 5.2). */
export const DEFAULT_LIMITS: Limits = {
  /** Enough to hide latency, few enough for a small server; an endpoint with a quota says so by its headers. */
  concurrency: 8,
  /** Long answers of vision models take tens of seconds. */
  timeoutMs: 60_000,
  /** With random waits up to 0.5 s that double each time they span 8 s on average; refusals for a rate cost none of them. */
  retries: 5,
};
