/** One quota over all workers: a bucket in Redis that each process polls for all of its requests that wait. */

import type { Redis } from 'ioredis';
import { ProviderError } from '../errors.ts';
import type { Clock } from '../limits/clock.ts';
import type { AdmitRequest, Gate, Permit } from '../limits/gate.ts';
import { PAUSE, TAKE } from './scripts.ts';

const MINUTE_MS = 60_000;
/** Requests that one poll asks for. */
const MOST_AT_ONCE = 64;
/** The shortest wait between two polls that grant nothing, so that many processes do not poll without end. */
const LEAST_WAIT_MS = 2;
/** A pause that is set elsewhere is seen after this time at the latest. */
const MOST_WAIT_MS = 1000;

export interface SharedQuota {
  /** Waits until a request with so many tokens may be sent. @throws {ProviderError} `aborted` by the signal. */
  take(tokens: number, signal: AbortSignal): Promise<void>;
  /** Returns tokens that were taken and not used; negative = more were used. */
  refund(tokens: number): void;
  /** No worker sends for so many milliseconds. */
  pause(ms: number): void;
}

export interface SharedQuotaOptions {
  readonly redis: Redis;
  readonly key: string;
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly clock: Clock;
}

interface Waiter {
  readonly tokens: number;
  readonly grant: () => void;
}

export function createSharedQuota({
  redis,
  key,
  requestsPerMinute,
  tokensPerMinute,
  clock,
}: SharedQuotaOptions): SharedQuota {
  const rates = [requestsPerMinute, tokensPerMinute].map((limit) => (limit ?? 0) / MINUTE_MS);
  const waiting = new Set<Waiter>();
  let unused = 0;
  let isPolling = false;

  const poll = async () => {
    const asked = [...waiting].slice(0, MOST_AT_ONCE);
    const refund = unused;
    unused = 0;
    const reply = await redis.eval(TAKE, 1, key, ...rates, refund, ...asked.map(({ tokens }) => tokens));
    const [granted = 0, wait = 0] = Array.isArray(reply) ? reply.map(Number) : [];
    for (const waiter of asked.slice(0, granted)) {
      // One that has left meanwhile sends nothing.
      if (waiting.delete(waiter)) waiter.grant();
      else unused += waiter.tokens;
    }
    if (granted < asked.length) await clock.sleep(Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, wait)));
  };
  const pollAll = async () => {
    if (isPolling) return;
    isPolling = true;
    while (waiting.size > 0) await poll();
    isPolling = false;
  };
  return {
    take(tokens, signal) {
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiting.delete(waiter);
          reject(new ProviderError('aborted', 'the run was stopped before this request was sent'));
        };
        const waiter: Waiter = {
          tokens,
          grant: () => {
            signal.removeEventListener('abort', leave);
            resolve();
          },
        };
        if (signal.aborted) return leave();
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(waiter);
        void pollAll();
      });
    },
    refund(tokens) {
      unused += tokens;
    },
    pause(ms) {
      void redis.eval(PAUSE, 1, key, ms);
    },
  };
}

/** A gate that also keeps the quota of all workers; it tells them of its pauses. */
export function withSharedQuota(gate: Gate, quota: SharedQuota): Gate {
  gate.watch((change) => {
    if (change.type === 'pause') quota.pause(change.pauseMs);
  });
  const shared = async (permit: Permit, { tokens, signal }: AdmitRequest): Promise<Permit> => {
    try {
      await quota.take(tokens, signal);
      const stopped = gate.stopped();
      if (stopped !== null) throw stopped;
    } catch (error) {
      permit.cancel();
      throw error;
    }
    return {
      onSuccess(completion) {
        quota.refund(tokens - (completion.usage?.totalTokens ?? tokens));
        permit.onSuccess(completion);
      },
      onFailure(error) {
        if (error.kind === 'rate_limit') quota.refund(tokens);
        permit.onFailure(error);
      },
      cancel() {
        quota.refund(tokens);
        permit.cancel();
      },
    };
  };
  return {
    ...gate,
    admit: async (request) => shared(await gate.admit(request), request),
    admitTrial: async (request) => shared(await gate.admitTrial(request), request),
  };
}
