/** Gets Entra ID tokens: all requests of a scope share one token, which is refreshed before it expires. */

import { ProviderError } from '../errors.ts';
import type { TokenCredential } from '../io.ts';
import { tidy } from './http/failure-body.ts';

/** Tokens are valid for an hour or more. A refresh starts this long before the end, while the old token still works. */
const REFRESH_AHEAD_MS = 5 * 60_000;
/** A token that ends sooner might expire before the request arrives. */
const MIN_LIFE_MS = 30_000;
/** A credential chain may start a command-line tool; after this time it is considered hung. */
const TOKEN_TIMEOUT_MS = 60_000;

const HINT =
  'sign in (az login, a managed identity, or AZURE_CLIENT_ID and the like), or use auth: {type: key}; ' +
  'the identity needs the role Cognitive Services User';

export interface TokenSource {
  /** @throws {ProviderError} kind `auth` when there is no token; the signal's reason when aborted. */
  token(signal: AbortSignal): Promise<string>;
  /** Forgets a token that the endpoint rejected: the next call asks for another one. */
  discard(token: string): void;
}

interface Token {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

/** Tokens of one scope. `now` is the wall clock in ms. */
export function tokenSource(credential: TokenCredential, scope: string, now: () => number): TokenSource {
  let current: Token | null = null;
  let pending: Promise<Token> | null = null;

  const refresh = (): Promise<Token> => {
    pending ??= fetchToken(credential, scope)
      .then((token) => {
        current = token;
        return token;
      })
      .finally(() => {
        pending = null;
      });
    return pending;
  };
  return {
    token: async (signal) => {
      const lifeMs = current === null ? 0 : current.expiresOnTimestamp - now();
      if (current !== null && lifeMs > REFRESH_AHEAD_MS) return current.token;
      const next = refresh();
      if (current !== null && lifeMs > MIN_LIFE_MS) {
        // The old token still works. If the refresh fails, the next request that needs a new token reports it.
        next.catch(() => {});
        return current.token;
      }
      return (await orAborted(next, signal)).token;
    },
    discard: (token) => {
      if (current?.token === token) current = null;
    },
  };
}

/** The chain of `@azure/identity`, loaded on first use: loading takes some 100 ms, and a key does not need it. */
export function defaultCredential(): TokenCredential {
  let chain: Promise<TokenCredential> | null = null;
  const load = async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential();
  };
  return {
    getToken: async (scopes, options) => {
      chain ??= load();
      return (await chain).getToken(scopes, options);
    },
  };
}

async function fetchToken(credential: TokenCredential, scope: string): Promise<Token> {
  let token: Token | null;
  try {
    token = await credential.getToken(scope, { abortSignal: AbortSignal.timeout(TOKEN_TIMEOUT_MS) });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ProviderError('auth', `no Entra ID token for ${scope}: ${tidy(reason)}`, { hint: HINT, cause });
  }
  if (token === null || token.token === '')
    throw new ProviderError('auth', `no Entra ID token for ${scope}`, { hint: HINT });
  return token;
}

/** Stops waiting when the request is aborted. The refresh continues, because other requests share it. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
