/** What the clients of one context share: connections and tokens. */

import { defaultCredential, type TokenSource, tokenSource } from './entra.ts';
import { createTransport, type Transport } from './http/transport.ts';
import type { ProviderContext } from './provider.ts';

export interface Resources {
  readonly transport: Transport;
  /** One source a scope. */
  readonly tokens: (scope: string) => TokenSource;
  /** The last of those who hold them ends all connections. */
  release(): Promise<void>;
}

interface Shared {
  readonly transport: Transport;
  readonly tokens: (scope: string) => TokenSource;
  holders: number;
}

/** Keyed by the context object, so that a run's clients meet without a registry that somebody must carry about. */
const SHARED = new WeakMap<ProviderContext, Shared>();

/** Takes part in the resources of a context; each call is to be answered by one `release`. */
export function holdResources(context: ProviderContext): Resources {
  const shared = SHARED.get(context) ?? open(context);
  SHARED.set(context, shared);
  shared.holders += 1;
  let held = true;
  return {
    transport: shared.transport,
    tokens: shared.tokens,
    release: async () => {
      if (!held) return;
      held = false;
      shared.holders -= 1;
      if (shared.holders > 0) return;
      SHARED.delete(context);
      await shared.transport.close();
    },
  };
}

function open(context: ProviderContext): Shared {
  const credential = context.credential ?? defaultCredential();
  const now = context.now ?? Date.now;
  const sources = new Map<string, TokenSource>();
  return {
    holders: 0,
    transport: createTransport(context.env, context.trust),
    tokens: (scope) => {
      const source = sources.get(scope) ?? tokenSource(credential, scope, now);
      sources.set(scope, source);
      return source;
    },
  };
}
