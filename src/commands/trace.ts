/** `--trace`: one JSON line an attempt, without content. */

import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { AttemptEvent } from '../engine/cell.ts';
import { ProviderError } from '../errors.ts';

export interface Trace {
  write(event: AttemptEvent): void;
  close(): Promise<void>;
}

/** Appends to the file. */
export function openTrace(path: string): Trace {
  const stream = createWriteStream(path, { flags: 'a' });
  return {
    write: (event) => stream.write(`${JSON.stringify(traceLine(event))}\n`),
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}

function traceLine({ cell, turn, attempt, outcome }: AttemptEvent): Readonly<Record<string, unknown>> {
  const { startedAt, durationMs, result } = outcome;
  const where = {
    time: startedAt,
    model: cell.model.config.id,
    sample_id: cell.sample.id,
    repeat: cell.repeat,
    turn,
    attempt,
  };
  if (result instanceof ProviderError) {
    const { status, code, retryAfterMs, requestId, rateLimit } = result.details;
    return {
      ...where,
      outcome: result.kind,
      duration_ms: durationMs,
      status,
      code,
      retry_after_ms: retryAfterMs,
      request_id: requestId,
      rate_limit: rateLimit,
    };
  }
  const { completion, firstTokenMs } = result;
  return {
    ...where,
    outcome: 'answered',
    duration_ms: durationMs,
    first_token_ms: firstTokenMs,
    finish_reason: completion.finishReason,
    prompt_tokens: completion.usage?.promptTokens,
    completion_tokens: completion.usage?.completionTokens,
    served_model: completion.servedModel,
    request_id: completion.requestId,
    rate_limit: completion.rateLimit,
  };
}
