/** Authorises requests, and finds problems with that before any request is sent. */

import type { Environment } from '../io.ts';
import { isLoopback } from '../text/loopback.ts';
import type { Auth, ModelConfig } from '../types.ts';
import type { TokenSource } from './entra.ts';
import type { ConfigProblem } from './provider.ts';
import { isSecretHeader, isSecretQuery, type Secrets } from './secrets.ts';

/** How the endpoints of one provider are authorised. */
export interface AuthRules {
  /** The environment variable of the vendor's own tools, on the vendor's own hosts; absent = no default. */
  readonly defaultEnv?: string | undefined;
  /** The headers for a key. */
  readonly keyHeaders: (key: string) => Readonly<Record<string, string>>;
  /** The OAuth scope of this host; absent = the configuration must name one. */
  readonly scope?: string | undefined;
  /** The scope to try when the host rejects tokens of the first one; absent = none is known. */
  readonly otherScope?: string | undefined;
}

/** The authorisation of one attempt. */
export interface Authorization {
  readonly headers: Readonly<Record<string, string>>;
  /** Only for tokens: forgets this one after a 401, so that the next try gets a fresh one. */
  readonly discard?: () => void;
  /** Only for tokens: what to do when a fresh one gets a 401, too. */
  readonly hint?: string;
}

/** @throws {ProviderError} kind `auth` when there is no token. */
export type Authorizer = (signal: AbortSignal) => Promise<Authorization>;

/** Fills in what `auth` leaves out: the vendor's variable on the vendor's hosts, no key on others; the host's scope. */
export function authOf(model: ModelConfig, rules: AuthRules | null): Auth {
  const { auth } = model;
  if (rules === null) return { type: 'none' };
  if (auth === undefined)
    return rules.defaultEnv === undefined ? { type: 'none' } : { type: 'key', env: rules.defaultEnv };
  return auth.type === 'entra' && rules.scope !== undefined ? { scope: rules.scope, ...auth } : auth;
}

/** `tokens` is called only for `auth: {type: entra}`. */
export function createAuthorizer(
  model: ModelConfig,
  url: URL,
  rules: AuthRules | null,
  env: Environment,
  secrets: Secrets,
  tokens: (scope: string) => TokenSource,
): Authorizer {
  const auth = authOf(model, rules);
  for (const [name, value] of Object.entries(model.headers ?? {}))
    if (isSecretHeader(name)) addHeaderSecret(value, secrets);
  for (const [name, value] of Object.entries(model.extraBody ?? {}))
    if (isSecretHeader(name) && typeof value === 'string') secrets.add(value);
  for (const [name, value] of url.searchParams) if (isSecretQuery(name)) secrets.add(value);
  if (rules === null || auth.type === 'none') return async () => ({ headers: {} });
  if (auth.type === 'key') {
    const key = env[auth.env] ?? '';
    secrets.add(key);
    return async () => ({ headers: rules.keyHeaders(key) });
  }
  const source = tokens(auth.scope ?? '');
  const hint = scopeHint(auth.scope ?? '', rules);
  return async (signal) => {
    const token = await source.token(signal);
    secrets.add(token);
    return { headers: { authorization: `Bearer ${token}` }, discard: () => source.discard(token), hint };
  };
}

/** Endpoints that look alike take tokens of different scopes, and the reply seldom says which. */
function scopeHint(used: string, { scope, otherScope }: AuthRules): string {
  const other = used === otherScope ? scope : otherScope;
  const role = 'the identity needs the role Cognitive Services User (new roles take some minutes)';
  return other === undefined
    ? `the token is for ${used}: auth.scope must fit the endpoint, and ${role}`
    : `the token is for ${used}: try auth: {type: entra, scope: ${other}}; ${role}`;
}

/** Missing keys, keys that are not allowed in a header, and secrets over plain http. */
export function authProblems(
  model: ModelConfig,
  url: URL,
  rules: AuthRules | null,
  env: Environment,
): readonly ConfigProblem[] {
  const auth = authOf(model, rules);
  const open = url.protocol === 'http:' && !isLoopback(url);
  return [
    ...(auth.type === 'key' ? keyProblems(model, auth.env, env) : []),
    ...(auth.type === 'entra' && auth.scope === undefined
      ? [
          {
            message: `${model.id}: auth entra needs a scope for ${url.host}`,
            hint: 'auth: {type: entra, scope: ...}',
          },
        ]
      : []),
    ...(auth.type === 'entra' && open
      ? [{ message: `${model.id}: an Entra ID token would go over plain http to ${url.host}`, hint: 'use https' }]
      : []),
    ...(open && model.allowInsecure !== true && sendsSecret(model, auth, url)
      ? [
          {
            message: `${model.id}: a key would go over plain http to ${url.host}`,
            hint: 'use https, or set allowInsecure: true',
          },
        ]
      : []),
    ...Object.entries(model.headers ?? {}).flatMap(([name, value]) => headerProblems(model, name, value)),
  ];
}

function keyProblems(model: ModelConfig, name: string, env: Environment): readonly ConfigProblem[] {
  const key = env[name];
  if (key === undefined || key === '')
    return [{ message: `${model.id}: the variable ${name} is not set`, hint: `set it in the environment or in .env` }];
  if (/[^\x21-\x7e]/.test(key))
    return [
      {
        message: `${model.id}: the key in ${name} holds a space, a line break or a character that is not allowed in a header`,
        hint: 'copy it again, without spaces or quotes around it',
      },
    ];
  return [];
}

function headerProblems(model: ModelConfig, name: string, value: string): readonly ConfigProblem[] {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    return [{ message: `${model.id}: "${name}" is not a valid header name` }];
  // The value may be a secret and is not shown.
  return /[^\t\x20-\x7e\x80-\xff]/.test(value)
    ? [
        {
          message: `${model.id}: the value of header ${name} holds a line break or a character that is not allowed in a header`,
        },
      ]
    : [];
}

function sendsSecret(model: ModelConfig, auth: Auth, url: URL): boolean {
  const named =
    Object.keys(model.headers ?? {}).some(isSecretHeader) || [...url.searchParams.keys()].some(isSecretQuery);
  return auth.type === 'key' || named;
}

function addHeaderSecret(value: string, secrets: Secrets): void {
  secrets.add(value);
  const bare = /^\S+\s+(\S.*)$/.exec(value)?.[1];
  if (bare !== undefined) secrets.add(bare);
}
