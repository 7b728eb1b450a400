/** One request until it is answered or given up: attempts, waits between them, and the three clocks. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../errors.ts';
import type { Clock } from '../limits/clock.ts';
import type { Gate, Permit } from '../limits/gate.ts';
import { reservedTokens } from '../limits/reservation.ts';
import { backoffMs, DEFAULT_DEADLINE_MS, isTransient } from '../limits/retry.ts';
import type { Timeouts } from '../limits/timers.ts';
import type { Answer, Clocks } from '../result.ts';
import type { ChatRequest, GenerateParams, MediaLoader, Message, ModelClient, ModelConfig } from '../types.ts';
import { mayBeBilled } from './ledger.ts';

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
  /** Ends what is in flight too long, or no longer wanted. */
  readonly timeouts: Timeouts;
  /** Resolves when the journal takes lines; called before each attempt is paid for. */
  readonly ready: (stop: AbortSignal) => Promise<void>;
  /** Reserves the price of another attempt after one that may be billed; false = there is no money. Absent = no budget. */
  readonly afford?: (() => boolean) | undefined;
  readonly onAttempt: (attempt: number) => void;
  readonly onResult?: (outcome: AttemptResult) => void;
}

/** What one attempt came to. */
export interface AttemptResult {
  /** Milliseconds from sending to the answer or the failure. */
  readonly durationMs: number;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly result: Answer | ProviderError;
}

/**
 * Asks until there is an answer. Refusals for a rate limit cost no retry (the gate holds everyone back until it ends)
 * but count against the deadline, which begins when the request is first sent: our own pacing is nobody's fault.
 * @throws {ProviderError} the last failure.
 */
export async function askWithRetries(
  messages: readonly Message[],
  params: GenerateParams,
  context: AttemptContext,
  clocks: Clocks,
): Promise<Answer> {
  const { clock } = context;
  const { retries, deadlineMs = DEFAULT_DEADLINE_MS } = context.model.limits;
  const request = { messages, params, clientRequestId: randomUUID() };
  let permit = await takeTurn(request, false, context);
  const deadline = clock.now() + deadlineMs;
  for (let troubles = 0; ; ) {
    const outcome = await send(request, permit, context, clocks);
    if (!(outcome instanceof ProviderError)) return outcome;
    const failedAt = clock.now();
    const refused = outcome.kind === 'rate_limit';
    if (!refused) troubles += 1;
    const { retryAfterMs } = outcome.details;
    const wait = refused ? 0 : backoffMs(troubles, retryAfterMs, context.random);
    const late = failedAt + (retryAfterMs ?? wait) > deadline;
    const isLast = !isTransient(outcome) || retries === 0 || troubles > retries || late;
    // What the last one reports is priced with the cell; of the others nothing is kept.
    const isUnseenBill = mayBeBilled(outcome) && !(isLast && outcome.details.usage !== undefined);
    if (isUnseenBill) clocks.unseenBills += 1;
    if (isLast || (isUnseenBill && context.afford?.() === false)) throw outcome;
    try {
      if (wait > 0) await context.gate.cellSlots.lendDuring(clock.sleep(wait, context.stop));
      permit = await takeTurn(request, true, context);
    } finally {
      clocks.retryWaitMs += clock.now() - failedAt;
    }
    if (clock.now() > deadline) {
      permit.cancel();
      throw outcome;
    }
  }
}

function takeTurn({ messages, params }: ChatRequest, retry: boolean, { gate, stop }: AttemptContext): Promise<Permit> {
  return gate.admit({ tokens: reservedTokens(messages, params), retry, signal: stop });
}

/** Loads media only when it is the request's turn: those who wait hold no bytes. */
async function send(
  request: ChatRequest,
  permit: Permit,
  context: AttemptContext,
  clocks: Clocks,
): Promise<Answer | ProviderError> {
  try {
    await loadMedia(request.messages, context);
    await context.ready(context.stop);
    if (context.stop.aborted) throw new ProviderError('aborted', 'the run was stopped before this request was sent');
  } catch (error) {
    permit.cancel();
    throw error;
  }
  return attemptOnce(request, permit, context, clocks);
}

/** Sends once, under the model's time limit. What went wrong with the endpoint is returned, all else is thrown. */
async function attemptOnce(
  request: ChatRequest,
  permit: Permit,
  context: AttemptContext,
  clocks: Clocks,
): Promise<Answer | ProviderError> {
  const { clock, client, model, onResult } = context;
  clocks.attempts += 1;
  context.onAttempt(clocks.attempts);
  const timeout = context.timeouts.start(model.limits.timeoutMs);
  const start = clock.now();
  const startedAt = new Date(clock.wall()).toISOString();
  clocks.firstSentAt ??= start;
  clocks.startedAt = startedAt;
  let firstTokenMs: number | null = null;
  let result: Answer | ProviderError;
  try {
    const completion = await client.complete(request, {
      signal: timeout.signal,
      onFirstToken: () => {
        firstTokenMs ??= clock.now() - start;
      },
    });
    result = { completion, latencyMs: clock.now() - start, firstTokenMs };
    permit.onSuccess(completion);
  } catch (error) {
    if (!(error instanceof ProviderError)) {
      permit.cancel();
      throw error;
    }
    result = error;
    permit.onFailure(error);
  } finally {
    timeout.clear();
  }
  onResult?.({ durationMs: clock.now() - start, startedAt, result });
  return result;
}

/** Reading and encoding stay outside of the latency; the client then finds the bytes ready. */
async function loadMedia(messages: readonly Message[], { media }: AttemptContext): Promise<void> {
  const local = messages.flatMap((message) =>
    message.content.flatMap((part) => (part.type === 'text' || part.media.type === 'url' ? [] : [part.media])),
  );
  await Promise.all(local.map((item) => media.load(item)));
}
