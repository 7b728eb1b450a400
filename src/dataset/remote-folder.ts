/** Reads files below a URL that the user gave. No message holds the URL: its query may be a signature. */

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { ByteCollector } from '../collections/byte-collector.ts';
import { ProviderError } from '../errors.ts';
import { createGuardedAgent, fetchMedia } from './remote-media.ts';

/** How patient a request is: until one has succeeded, the URL may be wrong, and that is to be said within 10 s. */
const FIRST = { tries: 2, headersMs: 6000 };
const PATIENT = { tries: 5, headersMs: 30_000 };
/** Between two pieces of a file. */
const BODY_MS = 60_000;
/** Before the second try; each further one waits twice as long. */
const RETRY_MS = 250;

/** Why a file could not be read. */
export interface RemoteFault {
  /** The status of the storage; null = it gave no answer. */
  readonly status: number | null;
  /** Follows the name of the file. */
  readonly message: string;
}

export interface RemoteFiles {
  /** The bytes of a file. */
  read(url: URL, maxBytes: number): Promise<Buffer | RemoteFault>;
  /** Writes a file of any size; the file at `path` must not exist. */
  download(url: URL, path: string): Promise<RemoteFault | null>;
  /** Whether any file was read. */
  hasSucceeded(): boolean;
}

export interface RemoteFilesOptions {
  /** Waits before another try; default: the system's timer. */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Absolute time of the first headers, in ms; default 6 s until a file was read, then 30 s. */
  readonly headersMs?: number;
}

/** The host may have a private address, because the user named it and not the manifest. A redirect must lead to a public one. */
export function createRemoteFiles({ sleep = wait, headersMs }: RemoteFilesOptions = {}): RemoteFiles {
  const agent = new Agent({ bodyTimeout: BODY_MS });
  let hasSucceeded = false;

  const attempt = async <T>(url: URL, use: (response: Dispatcher.ResponseData) => Promise<T>): Promise<T> => {
    const { headersMs: usual } = hasSucceeded ? PATIENT : FIRST;
    // It covers name resolution and the connection, too.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), headersMs ?? usual);
    try {
      const headers = { accept: '*/*', 'accept-encoding': 'identity' };
      const response = await request(url, { dispatcher: agent, signal: late.signal, headers });
      clearTimeout(timer);
      return await use(response);
    } catch (error) {
      throw late.signal.aborted ? new Failure(null, 'does not arrive: the storage gives no answer', true) : error;
    } finally {
      clearTimeout(timer);
    }
  };
  const tried = async <T>(url: URL, use: (response: Dispatcher.ResponseData) => Promise<T>) => {
    for (let number = 1; ; number += 1) {
      try {
        const result = await attempt(url, use);
        hasSucceeded = true;
        return result;
      } catch (error) {
        const failure = error instanceof Failure ? error : unreached(error);
        // A second wait would be too long before anything was read.
        const tries = hasSucceeded ? PATIENT.tries : failure.isLate ? 1 : FIRST.tries;
        if (!isTransient(failure.status) || number >= tries)
          return { status: failure.status, message: failure.message } satisfies RemoteFault;
        await sleep(RETRY_MS * 2 ** (number - 1));
      }
    }
  };
  return {
    read: (url, maxBytes) =>
      tried(url, async ({ statusCode, headers, body }) => {
        const { location } = headers;
        if (statusCode >= 300 && statusCode <= 399 && typeof location === 'string') {
          await body.dump();
          return redirected(new URL(location, url), maxBytes);
        }
        await requireFound(statusCode, body);
        const collected = new ByteCollector();
        for await (const chunk of body) {
          const bytes: Buffer = chunk;
          if (collected.length + bytes.length > maxBytes)
            throw new Failure(statusCode, `is larger than ${maxBytes} bytes`);
          collected.push(bytes);
        }
        return collected.bytes();
      }),
    download: async (url, path) => {
      const result = await tried(url, async ({ statusCode, body }) => {
        await requireFound(statusCode, body);
        await pipeline(body, createWriteStream(path, { mode: 0o600 }));
        return null;
      });
      return result;
    },
    hasSucceeded: () => hasSucceeded,
  };
}

/** `status` as in `RemoteFault`. */
class Failure extends Error {
  override readonly name = 'Failure';
  readonly status: number | null;
  /** Whether no headers came in time. */
  readonly isLate: boolean;
  constructor(status: number | null, message: string, isLate = false) {
    super(message);
    this.status = status;
    this.isLate = isLate;
  }
}

async function requireFound(status: number, body: Dispatcher.ResponseData['body']): Promise<void> {
  if (status === 200) return;
  await body.dump();
  if (status === 404) throw new Failure(status, 'does not exist (status 404)');
  throw new Failure(status, `cannot be read (status ${status})`);
}

async function redirected(url: URL, maxBytes: number): Promise<Buffer> {
  try {
    const { bytes } = await fetchMedia(url.href, { dispatcher: createGuardedAgent(), maxBytes });
    return bytes;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    throw new Failure(302, `is redirected: ${error.message}`);
  }
}

function unreached(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new Failure(null, `does not arrive: the storage cannot be reached${code}`);
}

const isTransient = (status: number | null) => status === null || status === 408 || status === 429 || status >= 500;
