/** Connects to Redis or Valkey, which must keep what is written to it. */

import type { Redis } from 'ioredis';
import { InputError } from '../errors.ts';
import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';

/** Where the queue is. */
export interface QueueAddress {
  /** `redis://` or, with TLS, `rediss://`; with password if it needs one. Never shown. */
  readonly url: string;
  /** Begins every name in Redis; in braces it keeps a run in one slot of a cluster. */
  readonly prefix: string;
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
export async function connectQueue({ url, prefix }: QueueAddress): Promise<QueueConnection> {
  const { bullmq, Redis } = await loadPackages();
  const shown = shownAddress(url);
  const open = () =>
    new Redis(url, {
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
    return redis;
  };
  const close = async () => {
    for (const redis of connections) redis.disconnect();
  };
  const redis = another();
  try {
    await reached(redis, shown);
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
    message: 'the address of the queue is no redis:// or rediss:// URL',
    hint: 'for example redis://127.0.0.1:6379',
  });
}

async function reached(redis: Redis, shown: string): Promise<void> {
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
    throw new InputError(unreached(last ?? cause, shown), { cause });
  } finally {
    clearTimeout(timer);
  }
}

function unreached(error: unknown, shown: string) {
  const reason = error instanceof Error ? error.message : String(error);
  if (/WRONGPASS|NOAUTH|invalid username|AUTH/i.test(reason))
    return {
      message: `the queue at ${shown} rejects the password`,
      hint: 'check the password in the URL, or its variable',
    };
  const code = isRecord(error) ? error['code'] : undefined;
  const why = typeof code === 'string' ? code : reason.slice(0, 80);
  return {
    message: `the queue at ${shown} cannot be reached (${why})`,
    hint: 'start redis-server there, or check the URL',
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
