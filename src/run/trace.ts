/** `--trace`: one JSON line for each attempt, without content. */

import { closeSync, statSync, writeSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { InputError, type Problem, ProviderError } from '../errors.ts';
import { openFile } from '../files/open-file.ts';
import { type OutputFile, outputProblem } from '../journal/output-problem.ts';
import type { AttemptEvent } from './cell-context.ts';

export interface Trace {
  write(event: AttemptEvent): void;
  close(): void;
}

export interface TraceOptions {
  /** Whether others may read a new file, as the umask says; default: only its owner may. */
  readonly shared?: boolean;
  /** Injected to test full disks. */
  readonly write?: (descriptor: number, text: string) => unknown;
}

/** Appends to the file; a failed write ends the trace, not the run. @throws {InputError} when the file cannot be opened. */
export function openTrace(
  path: string,
  say: (line: string) => void,
  { shared = false, write = writeSync }: TraceOptions = {},
): Trace {
  const descriptor = open(path, shared ? 0o666 : 0o600);
  let isBroken = false;
  return {
    write(event) {
      if (isBroken) return;
      try {
        write(descriptor, `${JSON.stringify(traceLine(event))}\n`);
      } catch (error) {
        isBroken = true;
        say(`warning: the trace could not be written and ends here (${messageOf(error)})`);
      }
    },
    close: () => closeSync(descriptor),
  };
}

const HINT = 'name another file for --trace';

/** How every trace begins. */
const TRACE_START = '{"time":"';

/** Finds problems of a trace file before the run's folder is created. */
export function traceProblems(path: string, runFolder: string, inputs: OutputFile['inputs']): readonly Problem[] {
  const parent = dirname(path);
  // The run creates its own folder, and those above it.
  const willExist = isFolder(parent) || `${runFolder}${sep}`.startsWith(`${parent}${sep}`);
  if (!willExist) return [{ file: path, message: 'cannot be written (its folder does not exist)', hint: HINT }];
  const problem = outputProblem(path, { option: '--trace', start: TRACE_START, inputs, folder: runFolder });
  return problem === null ? [] : [problem];
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function open(path: string, mode: number): number {
  try {
    return openFile(path, 'append', { mode });
  } catch (error) {
    if (error instanceof InputError) throw error;
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
