/** One request until it is answered or given up: attempts, waits between them, and the three clocks. */

import { randomUUID } from 'node:crypto';
import { ProviderError } from '../errors.ts';
import type {
  ChatRequest,
  Completion,
  GenerateParams,
  MediaLoader,
  Message,
  ModelClient,
  ModelConfig,
} from '../types.ts';
import type { Clock } from './clock.ts';
import type { Gate, Permit } from './gate.ts';
import { reservedTokens } from './reservation.ts';
import { backoffMs, DEFAULT_DEADLINE_MS, isTransient } from './retry.ts';

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
  readonly ready: (stop: AbortSignal) => Promise<void>;
  readonly onAttempt: (attempt: number) => void;
  readonly onOutcome?: (outcome: AttemptOutcome) => void;
}

/** A reason of our own: the default one is an exception with a stack, made for every request. */
const ENDED = 'ended';

/** What one attempt came to. */
export interface AttemptOutcome {
  /** Milliseconds from sending to the answer or the failure. */
  readonly durationMs: number;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  readonly result: Answered | ProviderError;
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
  /** It was not asked for in this run; the latency is the original one. */
  readonly fromCache?: true;
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
): Promise<Answered> {
  const { clock } = context;
  const { retries, deadlineMs = DEFAULT_DEADLINE_MS } = context.model.limits;
  const request = { messages, params, clientRequestId: randomUUID() };
  let permit = await takeTurn(request, false, context);
  const deadline = clock.now() + deadlineMs;
  for (let troubles = 0; ; ) {
    const outcome = await attemptOnce(request, permit, context, clocks);
    if (!(outcome instanceof ProviderError)) return outcome;
    const failedAt = clock.now();
    const refused = outcome.kind === 'rate_limit';
    if (!refused) troubles += 1;
    const { retryAfterMs } = outcome.details;
    const wait = refused ? 0 : backoffMs(troubles, retryAfterMs, context.random);
    const late = failedAt + (retryAfterMs ?? wait) > deadline;
    if (!isTransient(outcome) || retries === 0 || troubles > retries || late) throw outcome;
    try {
      if (wait > 0) await clock.sleep(wait, context.stop);
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

/** Waits for the gate first: media bytes are not held by those who wait. */
async function takeTurn(request: ChatRequest, retry: boolean, context: AttemptContext): Promise<Permit> {
  const { gate, stop } = context;
  const tokens = reservedTokens(request.messages, request.params);
  const permit = await gate.admit({ tokens, retry, signal: stop });
  try {
    await loadMedia(request.messages, context);
    await context.ready(stop);
    if (stop.aborted) throw new ProviderError('aborted', 'the run was stopped before this request was sent');
    return permit;
  } catch (error) {
    permit.cancel();
    throw error;
  }
}

/** Sends once, under the model's time limit. What went wrong with the endpoint is returned, all else is thrown. */
async function attemptOnce(
  request: ChatRequest,
  permit: Permit,
  context: AttemptContext,
  clocks: Clocks,
): Promise<Answered | ProviderError> {
  const { clock, abort } = context;
  const { timeoutMs } = context.model.limits;
  const cut = new AbortController();
  const over = new AbortController();
  const onAbort = () => cut.abort(abort.reason);
  abort.addEventListener('abort', onAbort, { once: true });
  void clock.sleep(timeoutMs, over.signal).then(() => {
    if (!over.signal.aborted) cut.abort(new DOMException(`no complete answer within ${timeoutMs} ms`, 'TimeoutError'));
  });
  clocks.attempts += 1;
  context.onAttempt(clocks.attempts);
  const start = clock.now();
  const startedAt = new Date(clock.wall()).toISOString();
  clocks.firstSentAt ??= start;
  clocks.startedAt = startedAt;
  const ended = <R extends Answered | ProviderError>(result: R): R => {
    context.onOutcome?.({ durationMs: clock.now() - start, startedAt, result });
    return result;
  };
  let firstTokenMs: number | null = null;
  let completion: Completion;
  try {
    completion = await context.client.complete(request, {
      signal: cut.signal,
      onFirstToken: () => {
        firstTokenMs ??= clock.now() - start;
      },
    });
  } catch (error) {
    if (!(error instanceof ProviderError)) {
      permit.cancel();
      throw error;
    }
    permit.onFailure(error);
    return ended(error);
  } finally {
    over.abort(ENDED);
    abort.removeEventListener('abort', onAbort);
  }
  const latencyMs = clock.now() - start;
  permit.onSuccess(completion);
  return ended({ completion, latencyMs, firstTokenMs });
}

/** Reading and encoding stay outside of the latency; the client then finds the bytes ready. */
async function loadMedia(messages: readonly Message[], { media }: AttemptContext): Promise<void> {
  const local = messages.flatMap((message) =>
    message.content.flatMap((part) => (part.type === 'text' || part.media.type === 'url' ? [] : [part.media])),
  );
  await Promise.all(local.map((item) => media.load(item)));
}
