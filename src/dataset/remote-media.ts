/** Fetches media behind URLs that a manifest names, which nobody has vetted: from the public internet only, within limits. */

import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { ProviderError } from '../errors.ts';
import { isPublicAddress, literalAddress } from './public-address.ts';
import type { TypedBytes } from './resize-image.ts';
import { sniffMediaType } from './sniff.ts';

const MAX_REDIRECTS = 3; // a signed link and a content network take two
const TIMEOUT_MS = 60_000; // for all hops together

export interface FetchOptions {
  /** Connects; must refuse private addresses, as `createGuardedAgent` does. */
  readonly dispatcher: Dispatcher;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/**
 * Makes an agent that refuses private addresses at the moment it connects: a name that changes its address between a
 * check and the connection (DNS rebinding) gains nothing, and one private address among several is refused as well.
 */
export function createGuardedAgent(lookup: LookupFunction = dnsLookup): Agent {
  return new Agent({ connect: { lookup: guardLookup(lookup) } });
}

/** Lets a resolver answer only with public addresses, all of them. */
export function guardLookup(lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: 0 }] : found;
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error(`${host} has no address`), []);
      else if (!addresses.every(({ address }) => isPublicAddress(address))) callback(new PrivateAddressError(), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Stands for a refused connection among the network's own errors. */
class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * Fetches a URL's bytes, which tell their type. Redirects are followed one by one, each checked like the first.
 * @throws {ProviderError} kind `media`, or `aborted` by the signal. Messages name the host alone: a query may be a signature.
 */
export async function fetchMedia(uri: string, { dispatcher, maxBytes, signal }: FetchOptions): Promise<TypedBytes> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  let url = new URL(uri);
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      refusePrivate(url);
      const response = await request(url, {
        dispatcher,
        signal: either,
        reset: true,
        headers: { accept: 'image/*, audio/*', 'accept-encoding': 'identity' },
      });
      const location = redirectOf(response, url);
      if (location === undefined) return typed(await readBody(response, url, maxBytes), url);
      await response.body.dump();
      url = location;
    }
  } catch (cause) {
    throw classify(cause, url, signal);
  }
  throw failure(url, `redirects more than ${MAX_REDIRECTS} times`);
}

function refusePrivate(url: URL): void {
  if (url.protocol !== 'https:') throw failure(url, `is reached by ${url.protocol}, not https:`);
  const address = literalAddress(url);
  if (address !== undefined && !isPublicAddress(address)) throw privateFailure(url);
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, url: URL): URL | undefined {
  const { location } = headers;
  if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, url.href)) throw failure(url, 'redirects to what is not a URL');
  return new URL(location, url);
}

async function readBody({ statusCode, body }: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<Buffer> {
  if (statusCode !== 200) {
    await body.dump();
    const retryable = statusCode === 408 || statusCode === 429 || statusCode >= 500;
    throw failure(url, `answers status ${statusCode}`, { retryable });
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes: Buffer = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) throw failure(url, `sends more than ${maxBytes} bytes`);
    chunks.push(bytes);
  }
  if (size === 0) throw failure(url, 'sends no bytes');
  return Buffer.concat(chunks);
}

function typed(bytes: Buffer, url: URL): TypedBytes {
  const mediaType = sniffMediaType(bytes);
  if (mediaType === undefined) throw failure(url, 'sends no image or clip of a known type');
  return { bytes, mediaType };
}

function classify(cause: unknown, url: URL, signal: AbortSignal | undefined): ProviderError {
  if (cause instanceof ProviderError) return cause;
  if (signal?.aborted === true) return new ProviderError('aborted', 'fetching media was aborted', { cause });
  if (cause instanceof PrivateAddressError) return privateFailure(url);
  const isTimeout = cause instanceof Error && cause.name === 'TimeoutError';
  const reason = isTimeout ? `does not answer within ${TIMEOUT_MS / 1000} s` : 'cannot be reached';
  return failure(url, reason, { retryable: true, cause });
}

function failure(url: URL, what: string, details: { retryable?: boolean; cause?: unknown } = {}): ProviderError {
  return new ProviderError('media', `media host "${url.host}" ${what}`, details);
}

function privateFailure(url: URL): ProviderError {
  return new ProviderError('media', `media host "${url.host}" has a private address`, {
    hint: 'media are fetched from the public internet only; download it and name the file',
  });
}
