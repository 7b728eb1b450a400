/** Defines the three error classes that callers handle differently, their type guards, and the exit codes of the command. */

import type { RateLimit } from './rate-limit.ts';
import type { FailureKind } from './result.ts';
import type { Completion, Usage } from './types.ts';

/** Every exit code of the command, each defined once (k6's `errext/exitcodes` pattern). */
export const EXIT = {
  done: 0,
  /** A gate or `--fail-on` was missed. */
  missed: 1,
  /** Usage, configuration or data are wrong: nothing was sent. */
  input: 2,
  /** The run could not be judged or could not be finished; results so far are kept. */
  incomplete: 3,
  interrupted: 130,
  terminated: 143,
} as const;

/** One thing wrong with what the user gave, at a place, and what to do about it. */
export interface Problem {
  /** Path as the user wrote it; absent for the command line. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
  /** A medium of this sample cannot be used: `skipBroken` leaves the sample out. */
  readonly isMedia?: true;
}

/** Renders `file:line:column what is wrong · what to do`. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const message = withoutLongEchoes(problem.message);
  const what = problem.hint === undefined ? message : `${message} · ${withoutLongEchoes(problem.hint)}`;
  return place === '' ? what : `${place} ${what}`;
}

/** Characters of an input in a message. */
const MAX_ECHO = 80;
/** Long text in quotes, or so many letters without a blank that only base64 has them. */
const LONG_ECHO = /(?<=(?:^|[\s([:])")[^"\n]{81,}(?=")|[A-Za-z0-9+/=_]{256,}/gu;

/** Whatever a message quotes: a cell may hold a whole image. */
function withoutLongEchoes(text: string): string {
  return text.length <= MAX_ECHO ? text : text.replace(LONG_ECHO, (echo) => `${echo.slice(0, MAX_ECHO - 1)}…`);
}

/** What the user gave is not valid: exit code 2, nothing was sent. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly exitCode = EXIT.input;
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(list.map(formatProblem).join('\n'), options);
    this.problems = list;
  }
}

/** The run could not be judged or finished: exit code 3, everything that arrived is kept. */
export class IncompleteError extends Error {
  override readonly name = 'IncompleteError';
  readonly exitCode = EXIT.incomplete;
  readonly hint: string | undefined;

  constructor(message: string, options?: ErrorOptions & { hint?: string }) {
    super(message, options);
    this.hint = options?.hint;
  }
}

/**
 * Whether an error is about what the user gave: options, configuration, manifest or media. Nothing was sent.
 *
 * @example
 * import { estimateRun, isInputError } from 'earsight';
 *
 * try {
 *   await estimateRun('earsight.config.yaml');
 * } catch (error) {
 *   if (!isInputError(error)) throw error;
 *   for (const { file, line, message, hint } of error.problems) console.error(file, line, message, hint);
 * }
 */
export function isInputError(error: unknown): error is InputError {
  return error instanceof InputError;
}

/**
 * Whether an error says that a run could not write all its answers or tables. Everything that arrived is kept.
 *
 * @example
 * import { evaluate, isIncompleteError } from 'earsight';
 *
 * try {
 *   for await (const event of evaluate()) console.log(event.type);
 * } catch (error) {
 *   if (!isIncompleteError(error)) throw error;
 *   console.error(error.message, error.hint);
 * }
 */
export function isIncompleteError(error: unknown): error is IncompleteError {
  return error instanceof IncompleteError;
}

/** What is known of a failed attempt besides its kind; a field is absent when the endpoint did not send it. */
export interface ProviderErrorDetails {
  /** HTTP status. */
  readonly status?: number;
  /** The vendor's own code, e.g. `DeploymentNotFound`. */
  readonly code?: string;
  /** How long the endpoint asked to wait. */
  readonly retryAfterMs?: number;
  readonly requestId?: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly rateLimit?: RateLimit;
  /** Tokens that were billed although there is no answer. */
  readonly usage?: Usage;
  /** Text that arrived before the failure, kept for diagnosis; never an answer. */
  readonly partial?: string;
  readonly servedModel?: Completion['servedModel'];
  /** Whether another attempt may succeed; default: by kind (see `limits/retry.ts`). */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** One attempt failed. The message is safe to print: it holds no key and no media bytes. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: FailureKind;
  readonly details: ProviderErrorDetails;

  constructor(kind: FailureKind, message: string, details: ProviderErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.details = details;
  }
}

/**
 * Whether an error is the failure of one attempt to get an answer; its `kind` says why. Inside a run such an error becomes a
 * result with the status `failed`.
 *
 * @example
 * import { isIncompleteError, isInputError, isProviderError } from 'earsight';
 *
 * export function explain(error: unknown): string {
 *   if (isProviderError(error)) return `${error.kind}: ${error.message}`;
 *   if (isInputError(error) || isIncompleteError(error)) return error.message;
 *   throw error;
 * }
 */
export function isProviderError(error: unknown): error is ProviderError {
  return error instanceof ProviderError;
}
