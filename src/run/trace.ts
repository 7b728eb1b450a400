/** `--trace`: one JSON line an attempt, without content. */

import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { InputError, type Problem, ProviderError } from '../errors.ts';
import type { AttemptEvent } from './cell-context.ts';

export interface Trace {
  write(event: AttemptEvent): void;
  close(): void;
}

/** Appends to the file; a disk that refuses ends the trace, never the run. @throws {InputError} when it cannot be opened. */
export function openTrace(path: string, say: (line: string) => void): Trace {
  const descriptor = open(path);
  let isBroken = false;
  return {
    write(event) {
      if (isBroken) return;
      try {
        writeSync(descriptor, `${JSON.stringify(traceLine(event))}\n`);
      } catch (error) {
        isBroken = true;
        say(`warning: the trace ends here (${messageOf(error)})`);
      }
    },
    close: () => closeSync(descriptor),
  };
}

const HINT = 'name another file for --trace';

/** What speaks against a trace before the run's folder is made; empty = nothing. */
export function traceProblems(path: string, runFolder: string): readonly Problem[] {
  const parent = dirname(path);
  // The run makes its own folder, and those above it.
  const isMade = isFolder(parent) || `${runFolder}${sep}`.startsWith(`${parent}${sep}`);
  if (isMade && !isFolder(path)) return [];
  const reason = isMade ? 'it is a folder' : 'its folder is not there';
  return [{ file: path, message: `cannot be written (${reason})`, hint: HINT }];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    const message = `cannot be written (${messageOf(error)})`;
    throw new InputError({ file: path, message, hint: HINT }, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Codes are words of the endpoint's choice: one that is none may be anything, also what it was sent. */
const CODE = /^[A-Za-z][\w.:/-]{0,63}$|^\d{1,6}$/;

function traceLine({ cell, turn, attempt, attemptResult }: AttemptEvent): Readonly<Record<string, unknown>> {
  const { startedAt, durationMs, result } = attemptResult;
  const where = {
    time: startedAt,
    model: cell.model.config.id,
    sample_id: cell.request.sample.id,
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
      ...(code !== undefined && CODE.test(code) ? { code } : {}),
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
