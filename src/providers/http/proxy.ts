/** Reads and checks the proxy variables of the environment. */

import type { Environment } from '../../io.ts';
import { isLoopback } from '../../text/loopback.ts';

/** What is not set is '' and not undefined, because undici would then read the environment of the process. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'] as const;

/** null without a proxy. Names in lower case win, as in curl. */
export function proxySettings(env: Environment): ProxySettings | null {
  const httpProxy = withScheme(env['http_proxy'] ?? env['HTTP_PROXY'] ?? '');
  const httpsProxy = withScheme(env['https_proxy'] ?? env['HTTPS_PROXY'] ?? '');
  return httpProxy === '' && httpsProxy === ''
    ? null
    : { httpProxy, httpsProxy, noProxy: env['no_proxy'] ?? env['NO_PROXY'] ?? '' };
}

/** Names of the variables that hold no URL of a proxy; none for a URL that is called directly. */
export function badProxyVariables(url: URL, env: Environment): readonly string[] {
  return isLoopback(url) ? [] : VARIABLES.filter((name) => !isProxy(env[name] ?? ''));
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
