/** Classifies failures below HTTP: DNS, connection, TLS, timeouts, aborts, invalid HTTP. */

import { ProviderError } from '../../errors.ts';
import { present } from './wire-value.ts';

const TIMEOUTS: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timed out while connecting',
  ETIMEDOUT: 'timed out while connecting',
  UND_ERR_HEADERS_TIMEOUT: 'timed out while waiting for the answer',
  UND_ERR_BODY_TIMEOUT: 'timed out in the middle of the answer',
};

const NETWORK: Readonly<Record<string, { readonly what: string; readonly hint?: string }>> = {
  ENOTFOUND: { what: 'the host name is unknown', hint: 'check the endpoint' },
  EAI_AGAIN: { what: 'the host name could not be looked up' },
  ECONNREFUSED: { what: 'no server is listening there', hint: 'check the port, and that the server is running' },
  ECONNRESET: { what: 'the connection was reset' },
  EPIPE: { what: 'the connection was closed while the request was sent' },
  UND_ERR_SOCKET: { what: 'the connection was closed before the answer was complete' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { what: 'the answer is shorter than its content-length' },
  EMFILE: { what: 'too many open files', hint: 'lower limits.concurrency or raise ulimit -n' },
};

const PROXY_HINT = 'the request goes through a proxy: check http_proxy, https_proxy and no_proxy';

const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/;

/** Classifies what undici or the signal threw. `proxied`: the proxy may be the cause. */
export function transportFailure(error: unknown, signal: AbortSignal, url: URL, proxied = false): ProviderError {
  if (signal.aborted) return abortFailure(signal);
  const code = codeOf(error);
  const details = { ...(code === '' ? {} : { code }), cause: error };
  const timeout = TIMEOUTS[code];
  if (timeout !== undefined) return new ProviderError('timeout', `${url.host}: ${timeout}`, details);
  if (TLS.test(code))
    return new ProviderError('network', `${url.host}: no trusted TLS connection (${code})`, {
      ...details,
      retryable: false,
      hint: 'check the host name and its certificate; NODE_EXTRA_CA_CERTS adds certificate authorities',
    });
  // undici reports parser errors by class; their code is often missing.
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || (error instanceof Error && error.name === 'HTTPParserError'))
    return new ProviderError('invalid_response', `${url.host}: the reply is not valid HTTP`, details);
  const known = NETWORK[code];
  const what = known?.what ?? (error instanceof Error ? error.message : String(error));
  return new ProviderError('network', `${url.host}: ${what}`, {
    ...details,
    ...present({ hint: proxied ? PROXY_HINT : known?.hint }),
  });
}

/** A timeout of the caller's signal is a `timeout`; any other abort was requested by the caller. */
export function abortFailure(signal: AbortSignal): ProviderError {
  const reason: unknown = signal.reason;
  if (reason instanceof ProviderError) return reason;
  return reason instanceof Error && reason.name === 'TimeoutError'
    ? new ProviderError('timeout', reason.message)
    : new ProviderError('aborted', 'the request was stopped');
}

/** The code of the system or of undici, also from a `cause`; '' when there is none. */
function codeOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; current = current.cause, depth += 1)
    if ('code' in current && typeof current.code === 'string') return current.code;
  return '';
}
