/** What the environment says about proxies, and what is wrong with it. */

import type { Environment } from '../../io.ts';
import type { ModelConfig } from '../../types.ts';
import { isLoopback } from '../endpoint-url.ts';
import type { ConfigProblem } from '../provider.ts';

/** Empty strings, not undefined, for what is not set: undici would look into the environment of the process itself. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/** null without any proxy. The names in small letters win, as in curl. */
export function proxySettings(env: Environment): ProxySettings | null {
  const httpProxy = withScheme(env['http_proxy'] ?? env['HTTP_PROXY'] ?? '');
  const httpsProxy = withScheme(env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '');
  return httpProxy === '' && httpsProxy === ''
    ? null
    : { httpProxy, httpsProxy, noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '' };
}

/** Variables that hold no proxy, for endpoints that are asked through one. The values may hold passwords and are not shown. */
export function proxyProblems(model: ModelConfig, url: URL, env: Environment): readonly ConfigProblem[] {
  if (isLoopback(url)) return [];
  return VARIABLES.filter((name) => !isProxy(env[name] ?? '')).map((name) => ({
    message: `${model.id}: ${name} holds no URL of a proxy`,
    hint: 'write it as http://host:port, or unset it',
  }));
}

function isProxy(value: string): boolean {
  if (value === '') return true;
  const text = withScheme(value);
  return URL.canParse(text) && /^(https?|socks5?):$/.test(new URL(text).protocol);
}

/** A bare `host:port` is an http proxy, as in curl. */
function withScheme(value: string): string {
  return value === '' || value.includes('://') ? value : `http://${value}`;
}
