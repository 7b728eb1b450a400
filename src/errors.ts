/** The three error classes a caller acts on differently, with their hints, and the exit codes of the command. */

import type { FailureKind } from './result.ts';
import type { Completion, RateLimit, Usage } from './types.ts';

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
}

/** Renders `file:line:column what is wrong · what to do`. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const what = problem.hint === undefined ? problem.message : `${problem.message} · ${problem.hint}`;
  return place === '' ? what : `${place} ${what}`;
}

/** What the user gave cannot be used: exit code 2, nothing was sent. */
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

/** What a failed attempt tells besides its kind; every field is absent when the endpoint did not say. */
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
  /** Tokens that were billed although no answer came. */
  readonly usage?: Usage;
  /** Text that arrived before the failure, kept for diagnosis; never an answer. */
  readonly partial?: string;
  readonly servedModel?: Completion['servedModel'];
  /** Whether another attempt may succeed; default: by kind (see `engine/retry.ts`). */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** One attempt gave no answer. The message is safe to print: it holds no key and no media bytes. */
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
 * The candidate a misspelt name most likely meant, or undefined when none is near.
 * Optimal string alignment distance (a swapped pair counts once), at most a third of the name's length, at least 1.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = alignmentDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `did you mean "x"?`, or what is known when nothing is near. */
export function suggest(name: string, candidates: readonly string[]): string {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? `known: ${candidates.join(', ')}` : `did you mean "${nearest}"?`;
}

function alignmentDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      let value = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        value = Math.min(value, (beforeLast[column - 2] ?? 0) + 1);
      current.push(value);
    }
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? 0;
}
