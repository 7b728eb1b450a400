/** Entra ID tokens: one refresh at a time, ahead of expiry, for every request of a scope. */

import { ProviderError } from '../errors.ts';
import type { TokenCredential } from '../io.ts';
import { tidy } from './http/failure-body.ts';

/** Tokens live an hour or more; asked for again this long before they end, while the old one still serves. */
const REFRESH_AHEAD_MS = 5 * 60_000;
/** A token that ends sooner might end on its way. */
const MIN_LIFE_MS = 30_000;
/** A credential chain may start a command-line tool; longer than this it hangs. */
const TOKEN_TIMEOUT_MS = 60_000;

const HINT =
  'sign in (az login, a managed identity, or AZURE_CLIENT_ID and the like), or use auth: {type: key}; ' +
  'the identity needs the role Cognitive Services User';

export interface TokenSource {
  /** @throws {ProviderError} kind `auth` when there is none; the signal's reason when aborted. */
  token(signal: AbortSignal): Promise<string>;
  /** The endpoint refused this token: the next call asks for another one. */
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
        // The old token still serves; should the refresh fail, the request that needs the new one says so.
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

/** The chain of `@azure/identity`, loaded on first use: it takes some 100 ms and is of no use with a key. */
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

/** The refresh is shared, so an aborted request leaves it running and only stops waiting. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
