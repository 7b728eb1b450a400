/** Circuit breaker: holds a model back after repeated similar failures, and probes with one request at a time. */

import type { ProviderError } from '../errors.ts';
import type { FailureKind } from '../result.ts';
import { comparableMessage } from './likeness.ts';

/** Failures in a row. More than the retries of a single request, so that one bad request does not open it. */
export const FAILURES_TO_OPEN = 8;
/** Waits before the probes: a restart, a redeployment, a failover. After the last failed one, the model is stopped. */
export const COOL_DOWNS_MS = [5_000, 10_000, 20_000] as const;

/** Kinds that show that the endpoint does not work. */
const SICK: ReadonlySet<FailureKind> = new Set(['server', 'timeout', 'network']);
/** Kinds that say nothing about the endpoint: the fault is on our side. All others show that it works. */
const SILENT: ReadonlySet<FailureKind> = new Set(['aborted', 'media', 'budget']);

export type BreakerState = 'closed' | 'open' | 'probing' | 'spent';

/** A state machine; time is passed in. Each sent request must report one of `onAlive`, `onFailure`, `onSilence`. */
export interface Breaker {
  state(): BreakerState;
  /** Milliseconds until a request may be sent; Infinity while a probe is in flight, and when all probes failed. */
  waitMs(now: number): number;
  /** A request is sent. Returns true when it is a probe. */
  onSent(now: number): boolean;
  /** The endpoint answered. */
  onAlive(): void;
  onFailure(error: ProviderError, probe: boolean, now: number): void;
  /** The request was not sent, or was stopped: it shows nothing about the endpoint. */
  onSilence(probe: boolean): void;
}

type State =
  | { readonly type: 'closed'; readonly alike: string; readonly failures: number }
  | { readonly type: 'open'; readonly until: number; readonly probes: number }
  | { readonly type: 'probing'; readonly probes: number }
  | { readonly type: 'spent' };

const HEALTHY: State = { type: 'closed', alike: '', failures: 0 };

export function createBreaker(): Breaker {
  let state: State = HEALTHY;

  const fail = (error: ProviderError, probe: boolean, now: number): State => {
    if (state.type === 'closed') {
      const alike = likeness(error);
      const failures = alike === state.alike ? state.failures + 1 : 1;
      if (failures < FAILURES_TO_OPEN) return { type: 'closed', alike, failures };
      return { type: 'open', until: now + COOL_DOWNS_MS[0], probes: 0 };
    }
    // Requests that were sent before the breaker opened tell nothing new.
    if (!probe || state.type !== 'probing') return state;
    const probes = state.probes + 1;
    const coolDown = COOL_DOWNS_MS[probes];
    return coolDown === undefined ? { type: 'spent' } : { type: 'open', until: now + coolDown, probes };
  };
  const onAlive = () => {
    if (state.type !== 'spent') state = HEALTHY;
  };
  const onSilence = (probe: boolean) => {
    if (probe && state.type === 'probing') state = { type: 'open', until: 0, probes: state.probes };
  };
  return {
    state: () => state.type,
    waitMs(now) {
      if (state.type === 'closed') return 0;
      return state.type === 'open' ? Math.max(0, state.until - now) : Number.POSITIVE_INFINITY;
    },
    onSent(now) {
      if (state.type !== 'open' || now < state.until) return false;
      state = { type: 'probing', probes: state.probes };
      return true;
    },
    onAlive,
    onFailure(error, probe, now) {
      if (SICK.has(error.kind)) state = fail(error, probe, now);
      else if (SILENT.has(error.kind)) onSilence(probe);
      else onAlive();
    },
    onSilence,
  };
}

/** Server failures are similar when their messages are, see `comparableMessage`. */
function likeness({ kind, message }: ProviderError): string {
  return kind === 'server' ? `${kind} ${comparableMessage(message)}` : kind;
}
