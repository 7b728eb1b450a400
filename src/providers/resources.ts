/** Shares connections and tokens among the clients of one context. */

import { defaultCredential, type TokenSource, tokenSource } from './entra.ts';
import { createTransport, type Transport } from './http/transport.ts';
import type { ProviderContext } from './provider.ts';

export interface Resources {
  readonly transport: Transport;
  /** One source for each scope. */
  readonly tokens: (scope: string) => TokenSource;
  /** The last release ends all connections. */
  release(): Promise<void>;
}

interface Shared {
  readonly transport: Transport;
  readonly tokens: (scope: string) => TokenSource;
  holders: number;
}

/** Keyed by the context object, so that the clients of a run share resources without a registry. */
const SHARED = new WeakMap<ProviderContext, Shared>();

/** Holds the resources of a context until `release` is called. */
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
