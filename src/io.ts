/** The streams, environment and signals of a command; injected, so that tests can run commands in their own process. */

import type { DerivedMedia } from './media-transform.ts';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The part of `@azure/core-auth`'s interface that is used. */
export interface TokenCredential {
  getToken(
    scopes: string | string[],
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null>;
}

/** A stream to write text to. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

export interface Io {
  /** For the result: the summary table, or one JSON document. */
  readonly stdout: TextStream;
  /** For progress, warnings and errors. */
  readonly stderr: TextStream;
  readonly env: Environment;
  /** Absolute; paths on the command line are relative to it. */
  readonly cwd: string;
  /** Aborts on the first SIGINT or SIGTERM; its reason is the exit code. */
  readonly stop: AbortSignal;
  /** Asks a yes-or-no question; absent = there is no terminal to answer on. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** A configuration that a program gives; it is used instead of a file. */
  readonly config?: object;
  /** Whether files that a configuration names as scorers or providers may be run; default false. */
  readonly allowCode?: boolean;
  /** Replaces `DefaultAzureCredential`. */
  readonly credential?: TokenCredential;
  /** Wall clock in ms since 1970, for dates that are compared with today; default `Date.now`. */
  readonly now?: () => number;
  /** Finds the versions of codecs, which results name; default: those of the installed packages. */
  readonly versionOf?: (name: string) => string;
}

/** Whether to use colour: only on a terminal, unless NO_COLOR or FORCE_COLOR decides (no-color.org, force-color.org). */
export function usesColor(stream: TextStream, env: Io['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return isLive(stream, env);
}

/** Columns of a terminal; `otherwise` where it does not tell, or says 0 as a terminal without a window does. */
export function columnsOf({ columns = 0 }: TextStream, otherwise: number): number {
  return columns > 0 ? columns : otherwise;
}

/** How text is written to a stream. */
export interface TextStyle {
  readonly color: boolean;
  /** Columns that tables may take. */
  readonly width: number;
  /** Sentences are broken at the width; false where programs may read them. */
  readonly wraps: boolean;
}

/** Tables in files and pipes are at most this wide. */
const USUAL_WIDTH = 120;

export function styleOf(stream: TextStream, env: Io['env']): TextStyle {
  return { color: usesColor(stream, env), width: columnsOf(stream, USUAL_WIDTH), wraps: stream.isTTY === true };
}

/** Rows of a terminal; `otherwise` as for columns. */
export function rowsOf({ rows = 0 }: TextStream, otherwise: number): number {
  return rows > 0 ? rows : otherwise;
}

/** Whether a stream is a terminal that understands cursor moves and has somebody who watches it. */
export function isLive({ isTTY }: TextStream, env: Io['env']): boolean {
  return isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb';
}

/** A value that must never be shown. */
export interface Secret {
  readonly value: string;
  /** What is shown instead. */
  readonly shown: string;
}

/** Hides secrets, also where they are escaped or encoded. Its members are functions, so that JSON of it holds none. */
export interface Redaction {
  hide(text: string): string;
  /** Hides them in all texts and member names of plain JSON; returns the same value when there was nothing to hide. */
  hideIn(value: unknown): unknown;
  secrets(): readonly Secret[];
}

/** Media encoded for a request. */
export interface EncodedMedia {
  readonly mediaType: string;
  /** The base64 text as ASCII bytes; shared by all requests that send the same file, so it must not be changed. */
  readonly base64: Buffer;
  /** Size of the media before base64. */
  readonly byteLength: number;
  /** Present when the bytes are not those of the manifest. */
  readonly derived?: DerivedMedia;
}
