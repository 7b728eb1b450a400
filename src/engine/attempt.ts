/** One request until it is answered or given up: attempts, waits between them, and the three clocks. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../errors.ts';
import type { Completion, GenerateParams, MediaLoader, Message, ModelClient, ModelConfig } from '../types.ts';
import type { Clock } from './clock.ts';
import type { Gate } from './gate.ts';
import { backoffMs, isTransient } from './retry.ts';

/** Longest a request may take with its waits and retries, unless the model's limits say otherwise: ten per-minute windows. */
export const DEFAULT_DEADLINE_MS = 10 * 60_000;

export interface AttemptContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly client: ModelClient;
  readonly model: ModelConfig;
  /** Applies the model's media transform. */
  readonly media: MediaLoader;
  readonly gate: Gate;
  /** Nothing more is sent; waits end. */
  readonly stop: AbortSignal;
  /** Aborts what is in flight. */
  readonly abort: AbortSignal;
  /** Resolves when the journal takes lines; called before each attempt is paid for. */
  readonly ready: () => Promise<void>;
  readonly onAttempt: (attempt: number) => void;
}

/** Accumulates over the requests of one cell. */
export interface Clocks {
  attempts: number;
  retryWaitMs: number;
  /** Monotonic time of the first attempt; null before it. */
  firstSentAt: number | null;
  /** ISO 8601 UTC of the last attempt. */
  startedAt: string | null;
}

export interface Answered {
  readonly completion: Completion;
  /** Of the successful attempt alone. */
  readonly latencyMs: number;
  readonly firstTokenMs: number | null;
}

/** Asks until there is an answer. @throws {ProviderError} the last failure. */
export async function askWithRetries(
  messages: readonly Message[],
  params: GenerateParams,
  context: AttemptContext,
  clocks: Clocks,
): Promise<Answered> {
  const { clock, model, gate, stop } = context;
  const deadline = clock.now() + (model.limits.deadlineMs ?? DEFAULT_DEADLINE_MS);
  const clientRequestId = randomUUID();
  for (let failed = 0; ; ) {
    await gate.admit(stop);
    await context.ready();
    throwIfStopped(stop);
    await loadMedia(messages, context);
    try {
      return await attemptOnce({ messages, params, clientRequestId }, context, clocks);
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      gate.onFailure(error);
      failed += 1;
      if (!isTransient(error) || failed > model.limits.retries) throw error;
      const wait = backoffMs(failed, error.details.retryAfterMs, context.random);
      if (clock.now() + wait > deadline) throw error;
      const waitedFrom = clock.now();
      await clock.sleep(wait, stop);
      clocks.retryWaitMs += clock.now() - waitedFrom;
    }
  }
}

async function attemptOnce(
  request: { readonly messages: readonly Message[]; readonly params: GenerateParams; readonly clientRequestId: string },
  context: AttemptContext,
  clocks: Clocks,
): Promise<Answered> {
  const { clock, model } = context;
  const timeout = new AbortController();
  const abort = () => timeout.abort(context.abort.reason);
  context.abort.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(
    () => timeout.abort(new DOMException(`no complete answer within ${model.limits.timeoutMs} ms`, 'TimeoutError')),
    model.limits.timeoutMs,
  );
  clocks.attempts += 1;
  context.onAttempt(clocks.attempts);
  const start = clock.now();
  clocks.firstSentAt ??= start;
  clocks.startedAt = new Date(clock.wall()).toISOString();
  let firstTokenMs: number | null = null;
  try {
    const completion = await context.client.complete(request, {
      signal: timeout.signal,
      onFirstToken: () => {
        firstTokenMs ??= clock.now() - start;
      },
    });
    return { completion, latencyMs: clock.now() - start, firstTokenMs };
  } finally {
    clearTimeout(timer);
    context.abort.removeEventListener('abort', abort);
  }
}

/** Reading and encoding stay outside of the latency; the client then finds the bytes ready. */
async function loadMedia(messages: readonly Message[], { media }: AttemptContext): Promise<void> {
  const local = messages.flatMap((message) =>
    message.content.flatMap((part) => (part.type === 'text' || part.media.type === 'url' ? [] : [part.media])),
  );
  await Promise.all(local.map((item) => media.load(item)));
}

function throwIfStopped(stop: AbortSignal): void {
  if (stop.aborted) throw new ProviderError('aborted', 'the run was stopped before this request was sent');
}
