/** Logs in to Redis with tokens of Entra ID, and once more on every open connection before a token ends. */

import type { Redis } from 'ioredis';
import { InputError, ProviderError } from '../errors.ts';
import type { TokenCredential } from '../io.ts';
import type { Clock } from '../limits/clock.ts';
import { defaultCredential, tokenSource } from '../providers/entra.ts';
import { isRecord } from '../text/is-record.ts';

/** Of Azure Managed Redis, which names it in "Use Microsoft Entra for cache authentication". */
const SCOPE = 'https://redis.azure.com/.default';
/**
 * How often a token is asked for: the source gives another one five minutes before the end of the last, and Microsoft asks for
 * the new AUTH at least three minutes before it.
 */
const LOOK_MS = 30_000;

/** What Redis gets in AUTH. */
export interface Login {
  /** The object id of the identity. */
  readonly username: string;
  /** The token. */
  readonly password: string;
}

export interface EntraLogin {
  /** With the newest token. */
  login(): Login;
  /** The connection, and each duplicate of it, logs in again with every new token, also when it was lost meanwhile. */
  keep(redis: Redis): Redis;
  /** Asks for no more tokens. */
  close(): void;
}

export interface EntraLoginOptions {
  /** undefined = the chain of Azure, as for models. */
  readonly credential: TokenCredential | undefined;
  readonly clock: Clock;
  /** Tells that a token cannot be renewed. */
  readonly warn: (line: string) => void;
}

/** @throws {InputError} when there is no token, or none that names its identity. */
export async function openEntraLogin({
  credential = defaultCredential(),
  clock,
  warn,
}: EntraLoginOptions): Promise<EntraLogin> {
  const source = tokenSource(credential, SCOPE, () => clock.wall());
  const closed = new AbortController();
  let login = loginOf(await firstToken(source.token(closed.signal)));
  const kept: Redis[] = [];

  const renew = async () => {
    const password = await source.token(closed.signal);
    if (password === login.password) return;
    const next = loginOf(password);
    await Promise.all(kept.map((redis) => logIn(redis, next)));
    login = next;
  };
  const renewAll = async () => {
    let isTold = false;
    for (;;) {
      await clock.sleep(LOOK_MS, closed.signal);
      if (closed.signal.aborted) return;
      try {
        await renew();
        isTold = false;
      } catch (error) {
        if (!isTold) warn(`the queue will be lost when its Entra ID token ends: ${reasonOf(error)}`);
        isTold = true;
      }
    }
  };
  const keep = (redis: Redis): Redis => {
    kept.push(redis);
    const duplicate = redis.duplicate.bind(redis);
    // BullMQ waits for jobs on a duplicate.
    redis.duplicate = (override) => keep(duplicate(override));
    return redis;
  };
  void renewAll();
  return { login: () => login, keep, close: () => closed.abort() };
}

/** Its options are used when the connection is opened again. */
async function logIn(redis: Redis, { username, password }: Login): Promise<void> {
  Object.assign(redis.options, { username, password });
  if (redis.status === 'ready') await redis.auth(username, password);
}

async function firstToken(token: Promise<string>): Promise<string> {
  try {
    return await token;
  } catch (cause) {
    if (!(cause instanceof ProviderError)) throw cause;
    throw new InputError(
      {
        message: cause.message,
        hint: 'sign in (az login, a managed identity, or AZURE_CLIENT_ID and the like), or use a password in the URL',
      },
      { cause },
    );
  }
}

/** The claim `oid` of the token is the name of its user in Redis. */
function loginOf(token: string): Login {
  const claims = claimsOf(token);
  const oid = isRecord(claims) ? claims['oid'] : undefined;
  if (typeof oid === 'string' && oid !== '') return { username: oid, password: token };
  throw new InputError({
    message: 'the Entra ID token for Redis names no identity (claim oid)',
    hint: 'sign in with a user, a service principal or a managed identity',
  });
}

function claimsOf(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
