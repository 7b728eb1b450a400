/** Sends one request until it is answered or given up: attempts, the waits between them, and their times. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../errors.ts';
import type { Clock } from '../limits/clock.ts';
import type { Gate, Permit } from '../limits/gate.ts';
import { reservedTokens } from '../limits/reservation.ts';
import { backoffMs, DEFAULT_DEADLINE_MS, isTransient } from '../limits/retry.ts';
import type { Timeouts } from '../limits/timers.ts';
import type { Answer, Clocks, KeptSound } from '../result.ts';
import type {
  ChatRequest,
  Completion,
  GenerateParams,
  MediaLoader,
  Message,
  ModelClient,
  ModelConfig,
  Sound,
  Usage,
} from '../types.ts';
import { mayBeBilled, type Reservation } from './ledger.ts';

export interface AttemptContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly client: ModelClient;
  readonly model: ModelConfig;
  /** Applies the model's media transform. */
  readonly media: MediaLoader;
  readonly gate: Gate;
  /** When it aborts, nothing more is sent and waits end. */
  readonly stop: AbortSignal;
  /** Ends requests that take too long, and all of them when the run is aborted. */
  readonly timeouts: Timeouts;
  /** Resolves when the journal can take lines; awaited before each attempt, which costs money. */
  readonly ready: (stop: AbortSignal) => Promise<void>;
  /** Absent = no budget. */
  readonly money?: AttemptMoney | undefined;
  /** Keeps the sound of a spoken answer; never throws. null = it cannot be kept. Absent = there is no folder for sounds. */
  readonly keepSound?: (sound: Sound) => Promise<KeptSound | null>;
  readonly onAttempt: (attempt: number) => void;
  readonly onResult?: (result: AttemptResult) => void;
}

/** Whether the reserved money still covers the request, and reserves it again for another attempt. */
export interface AttemptMoney extends Pick<Reservation, 'isCovered' | 'extend'> {
  /** Awaited before another request may take the place of the answered one, so that its cost is known by then. */
  onBill(usage: Usage | null): Promise<void>;
}

/** One attempt that has ended. */
export interface AttemptResult {
  /** Milliseconds from sending to the answer or the failure. */
  readonly durationMs: number;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly result: Answer | ProviderError;
}

/**
 * Asks until there is an answer. A throttled attempt uses up no retry, because the gate paces all requests of a model,
 * but its wait counts against the deadline. The deadline runs from the first attempt: before it is our own pacing.
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
  for (let failures = 0; ; ) {
    const reply = await send(request, permit, context, clocks);
    if (!(reply instanceof ProviderError)) return reply;
    const failedAt = clock.now();
    const isThrottled = reply.kind === 'rate_limit';
    if (!isThrottled) failures += 1;
    const { retryAfterMs } = reply.details;
    const wait = isThrottled ? 0 : backoffMs(failures, retryAfterMs, context.random);
    const isLate = failedAt + (retryAfterMs ?? wait) > deadline;
    const isLast = !isTransient(reply) || retries === 0 || failures > retries || isLate;
    // The usage of the last attempt is priced with the cell; the usage of earlier ones is not kept.
    const isUnseenBill = mayBeBilled(reply) && !(isLast && reply.details.usage !== undefined);
    if (isUnseenBill) clocks.unseenBills += 1;
    if (isLast || (isUnseenBill && context.money?.extend() === false)) throw reply;
    try {
      if (wait > 0) await context.gate.cellSlots.lendDuring(clock.sleep(wait, context.stop));
      permit = await takeTurn(request, true, context);
    } finally {
      clocks.retryWaitMs += clock.now() - failedAt;
    }
    if (clock.now() > deadline) {
      permit.cancel();
      throw reply;
    }
  }
}

function takeTurn({ messages, params }: ChatRequest, retry: boolean, { gate, stop }: AttemptContext): Promise<Permit> {
  return gate.admit({ tokens: reservedTokens(messages, params), retry, signal: stop });
}

/** Loads media only when it is the request's turn: requests that wait hold no bytes. */
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
    if (context.money?.isCovered() === false)
      throw new ProviderError(
        'budget',
        'answers cost more than expected, and the remaining budget no longer covers this one',
      );
  } catch (error) {
    permit.cancel();
    throw error;
  }
  return attemptOnce(request, permit, context, clocks);
}

/** Sends once, under the model's time limit. Returns failures of the endpoint, throws all others. */
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
  let sound: Sound | undefined;
  try {
    const completion = await client.complete(request, {
      signal: timeout.signal,
      onFirstToken: () => {
        firstTokenMs ??= clock.now() - start;
      },
    });
    sound = completion.sound;
    result = { completion: withoutSound(completion), latencyMs: clock.now() - start, firstTokenMs };
    await context.money?.onBill(completion.usage);
    permit.onSuccess(completion);
  } catch (error) {
    if (!(error instanceof ProviderError)) {
      permit.cancel();
      throw error;
    }
    result = error;
    const { usage } = error.details;
    if (usage !== undefined) await context.money?.onBill(usage);
    permit.onFailure(error);
  } finally {
    timeout.clear();
  }
  onResult?.({ durationMs: clock.now() - start, startedAt, result });
  if (sound === undefined || result instanceof ProviderError) return result;
  const kept = await context.keepSound?.(sound);
  return kept === undefined || kept === null ? result : { ...result, sound: kept };
}

/** The bytes must not get into the journal. Most answers have none and are not copied. */
function withoutSound(completion: Completion): Answer['completion'] {
  if (completion.sound === undefined) return completion;
  const { sound: _, ...rest } = completion;
  return rest;
}

/** Loads before the clock of the attempt starts, so that reading and encoding are no part of the latency. */
async function loadMedia(messages: readonly Message[], { media }: AttemptContext): Promise<void> {
  const local = messages.flatMap((message) =>
    message.content.flatMap((part) => (part.type === 'text' || part.media.type === 'url' ? [] : [part.media])),
  );
  await Promise.all(local.map((item) => media.load(item)));
}
