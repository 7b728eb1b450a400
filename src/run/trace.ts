/** `--trace`: one JSON line for each attempt, without content. */

import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { InputError, type Problem, ProviderError } from '../errors.ts';
import type { AttemptEvent } from './cell-context.ts';

export interface Trace {
  write(event: AttemptEvent): void;
  close(): void;
}

/** Appends to the file; a failed write ends the trace, not the run. @throws {InputError} when the file cannot be opened. */
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
        say(`warning: the trace could not be written and ends here (${messageOf(error)})`);
      }
    },
    close: () => closeSync(descriptor),
  };
}

const HINT = 'name another file for --trace';

/** Finds problems of a trace file before the run's folder is created. */
export function traceProblems(path: string, runFolder: string): readonly Problem[] {
  const parent = dirname(path);
  // The run creates its own folder, and those above it.
  const willExist = isFolder(parent) || `${runFolder}${sep}`.startsWith(`${parent}${sep}`);
  if (willExist && !isFolder(path)) return [];
  const reason = willExist ? 'it is a folder' : 'its folder does not exist';
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

/** An endpoint may put anything into a code, also the content of the request: only short words and numbers are written. */
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
