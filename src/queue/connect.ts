/** Connects to Redis or Valkey, which must keep what is written to it. */

import type { Redis } from 'ioredis';
import type { QueueAuth } from '../config/defaults.ts';
import { InputError } from '../errors.ts';
import type { TokenCredential } from '../io.ts';
import { type Clock, systemClock } from '../limits/clock.ts';
import { isRecord } from '../text/is-record.ts';
import { isLoopback } from '../text/loopback.ts';
import { quote } from '../text/quote.ts';
import { type EntraLogin, openEntraLogin } from './entra-login.ts';

/** Where the queue is. */
export interface QueueAddress {
  /** `redis://` or, with TLS, `rediss://`; with password if it needs one. Never shown. */
  readonly url: string;
  /** Begins every name in Redis; in braces it keeps a run in one slot of a cluster. */
  readonly prefix: string;
  /** `password` = as the URL says; `entra` = a token of Entra ID instead. */
  readonly auth: QueueAuth;
}

export interface ConnectOptions {
  /** Replaces the chain of Azure; used for `entra` only. */
  readonly credential?: TokenCredential | undefined;
  readonly clock?: Clock;
  readonly say: (line: string) => void;
}

/** An open connection. */
export interface QueueConnection {
  readonly redis: Redis;
  readonly prefix: string;
  /** Host and port, for messages. */
  readonly shown: string;
  /** The package: it is loaded only when a queue is used. */
  readonly bullmq: typeof import('bullmq');
  /** Another connection with the same options, for commands that wait. */
  another(): Redis;
  close(): Promise<void>;
}

/** How long the first connection may take. */
const CONNECT_MS = 5000;

/** The optional packages, in the versions of `optionalDependencies`. */
const INSTALL = 'npm install bullmq@6 ioredis@6';

/** @throws {InputError} when the packages are missing, the server is not reached, rejects us, or may drop what it holds. */
export async function connectQueue(
  { url, prefix, auth }: QueueAddress,
  { credential, clock = systemClock, say }: ConnectOptions,
): Promise<QueueConnection> {
  const { bullmq, Redis } = await loadPackages();
  const shown = shownAddress(url);
  if (auth === 'entra') requireTokenAddress(new URL(url), shown);
  const entra = auth === 'entra' ? await openEntraLogin({ credential, clock, warn: say }) : null;
  const open = () =>
    new Redis(url, {
      ...entra?.login(),
      // Commands wait for a lost connection to come back: an answer that was paid for is never given up.
      maxRetriesPerRequest: null,
      enableReadyCheck: true,
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      retryStrategy: (times) => Math.min(100 * times, 2000),
    });
  const connections: Redis[] = [];
  const another = () => {
    const redis = open();
    // A lost connection is opened again; the commands that wait for it are the sign that it is gone.
    redis.on('error', () => {});
    connections.push(redis);
    entra?.keep(redis);
    return redis;
  };
  const close = async () => {
    entra?.close();
    for (const redis of connections) redis.disconnect();
  };
  const redis = another();
  try {
    await reached(redis, shown, entra);
    await requireKeeping(redis, shown);
  } catch (error) {
    await close();
    throw error;
  }
  return { redis, prefix, shown, bullmq, another, close };
}

async function loadPackages() {
  try {
    const bullmq = await import('bullmq');
    const { Redis } = await import('ioredis');
    return { bullmq, Redis };
  } catch (cause) {
    throw new InputError(
      { message: 'a queue needs the optional packages bullmq and ioredis', hint: INSTALL },
      { cause },
    );
  }
}

/** Host and port. @throws {InputError} for an address that is none; it is not shown, because it may hold a password. */
function shownAddress(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && ['redis:', 'rediss:'].includes(parsed.protocol) && parsed.hostname !== '')
    return `${parsed.hostname}:${parsed.port || 6379}`;
  throw new InputError({
    message: 'the address of the queue is not a redis:// or rediss:// URL',
    hint: 'for example redis://127.0.0.1:6379',
  });
}

/** A token is as good as a password until it ends. @throws {InputError} when it would be readable, or the URL holds a login, too. */
function requireTokenAddress(url: URL, shown: string): void {
  if (url.username !== '' || url.password !== '')
    throw new InputError({
      message: `the queue at ${shown} has both a login in its URL and auth entra`,
      hint: 'leave out one of them',
    });
  if (url.protocol === 'redis:' && !isLoopback(url))
    throw new InputError({
      message: `an Entra ID token would go in clear text to the queue at ${shown}`,
      hint: 'use a rediss:// URL',
    });
}

async function reached(redis: Redis, shown: string, entra: EntraLogin | null): Promise<void> {
  let last: Error | null = null;
  redis.on('error', (error: Error) => {
    last = error;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(last ?? new Error('no answer')), CONNECT_MS);
  });
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), late]);
  } catch (cause) {
    throw new InputError(unreached(last ?? cause, shown, entra), { cause });
  } finally {
    clearTimeout(timer);
  }
}

function unreached(error: unknown, shown: string, entra: EntraLogin | null) {
  const reason = error instanceof Error ? error.message : String(error);
  // As Redis begins its errors: the name of a host may hold such a word, too.
  const isRejected = /^(WRONGPASS|NOAUTH|NOPERM|ERR (AUTH|invalid password))/.test(reason);
  if (isRejected && entra !== null)
    return {
      message: `the queue at ${shown} rejects the Entra ID token of ${entra.login().username}`,
      hint: 'add this object id to the Redis users of the server',
    };
  if (isRejected)
    return {
      message: `the queue at ${shown} rejects the password`,
      hint: 'check the password in the URL, or its variable',
    };
  if (/RESP type|Protocol error/.test(reason))
    return { message: `the server at ${shown} does not answer as Redis does`, hint: 'check host and port' };
  const code = isRecord(error) ? error['code'] : undefined;
  const why = typeof code === 'string' ? code : reason.slice(0, 80);
  return {
    message: `the queue at ${shown} cannot be reached (${why})`,
    hint: 'start redis-server there, or check the URL (rediss:// with TLS, redis:// without)',
  };
}

/** A server that evicts keys when it is full loses cells, and answers that were paid for. */
async function requireKeeping(redis: Redis, shown: string): Promise<void> {
  const memory = await redis.info('memory');
  const policy = /maxmemory_policy:(\S+)/.exec(memory)?.[1];
  if (policy === undefined || policy === 'noeviction') return;
  throw new InputError({
    message: `the queue at ${shown} drops keys when it is full (maxmemory-policy ${quote(policy)})`,
    hint: 'set maxmemory-policy noeviction there',
  });
}
