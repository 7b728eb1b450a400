/** Fetches media from the URLs of a manifest, which are untrusted: from the public internet only, within limits. */

import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { ByteCollector } from '../collections/byte-collector.ts';
import { ProviderError } from '../errors.ts';
import type { MediaContent } from '../media/codec.ts';
import { FOREIGN_BYTES, foreignType } from './foreign-types.ts';
import { isPublicAddress, literalAddress } from './public-address.ts';
import { sniffMediaType } from './sniff.ts';
import { type FetchedMedia, type UrlCache, type Validators, validatorsOf } from './url-cache.ts';

const MAX_REDIRECTS = 3; // a signed link and a content network need two
const TIMEOUT_MS = 60_000; // for all hops together

export interface FetchOptions {
  /** Connects; must reject private addresses, as `createGuardedAgent` does. */
  readonly dispatcher: Dispatcher;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** Says whether an address may be connected to. */
type IsAllowed = (address: string) => boolean;

/**
 * Makes an agent that rejects private addresses when it connects, so a host name that changes its address between a
 * check and the connection (DNS rebinding) is rejected too. One private address among several is enough.
 */
export function createGuardedAgent(lookup: LookupFunction = dnsLookup, isAllowed: IsAllowed = isPublicAddress): Agent {
  return new Agent({ connect: { lookup: guardLookup(lookup, isAllowed) } });
}

/** Makes a resolver fail unless all of its addresses are public. */
export function guardLookup(lookup: LookupFunction, isAllowed: IsAllowed = isPublicAddress): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = typeof found === 'string' ? [{ address: found, family: 0 }] : found;
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) callback(error ?? new Error(`${host} has no address`), []);
      else if (!addresses.every(({ address }) => isAllowed(address))) callback(new PrivateAddressError(), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Marks a rejected connection among the errors of the network. */
class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * Fetches the bytes of a URL and finds their type. Each redirect is checked like the first URL.
 * @throws {ProviderError} kind `media`, or `aborted` by the signal. Messages name only the host: a query may be a signature.
 */
export async function fetchMedia(uri: string, options: FetchOptions): Promise<FetchedMedia> {
  const fetched = await fetchIfChanged(uri, null, options);
  if (fetched === null) throw failure(new URL(uri), 'answers status 304');
  return fetched;
}

/** As `fetchMedia`, through what earlier runs have kept: bytes that have not changed are not sent again. */
export async function fetchThrough(cache: UrlCache, uri: string, options: FetchOptions): Promise<MediaContent> {
  const kept = await cache.find(uri);
  // What was kept under a higher limit is fetched, and rejected like any other.
  const known = kept === null || kept.bytes.length > options.maxBytes ? null : kept;
  const fetched = await fetchIfChanged(uri, known?.validators ?? null, options);
  if (fetched === null) return known ?? fetchMedia(uri, options);
  await cache.keep(uri, fetched);
  return fetched;
}

/** null = the server says that what it described with `known` has not changed. */
async function fetchIfChanged(
  uri: string,
  known: Validators | null,
  { dispatcher, maxBytes, signal }: FetchOptions,
): Promise<FetchedMedia | null> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  let url = new URL(uri);
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      rejectPrivate(url);
      const response = await request(url, {
        dispatcher,
        signal: either,
        reset: true,
        headers: { accept: 'image/*, audio/*', 'accept-encoding': 'identity', ...conditionsOf(known) },
      });
      if (response.statusCode === 304 && known !== null) {
        await response.body.dump();
        return null;
      }
      const location = redirectOf(response, url);
      if (location === undefined) {
        const bytes = await readBody(response, url, maxBytes);
        return { bytes, mediaType: requireType(bytes, url), validators: validatorsIn(response.headers) };
      }
      await response.body.dump();
      url = location;
    }
  } catch (cause) {
    throw classify(cause, url, signal);
  }
  throw failure(url, `redirects more than ${MAX_REDIRECTS} times`);
}

function conditionsOf(known: Validators | null): Readonly<Record<string, string>> {
  const { etag, lastModified } = known ?? {};
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    // A server that knows the first ignores the second (RFC 9110, 13.1.3).
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  };
}

function validatorsIn(headers: Dispatcher.ResponseData['headers']): Validators | null {
  const { etag, 'last-modified': lastModified, 'cache-control': control } = headers;
  return /\bno-store\b/iu.test(String(control)) ? null : validatorsOf(etag, lastModified);
}

function rejectPrivate(url: URL): void {
  if (url.protocol !== 'https:') throw failure(url, `uses ${url.protocol}, not https:`);
  const address = literalAddress(url);
  if (address !== undefined && !isPublicAddress(address)) throw privateFailure(url);
}

function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, url: URL): URL | undefined {
  const { location } = headers;
  if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, url.href)) throw failure(url, 'redirects to an invalid URL');
  return new URL(location, url);
}

async function readBody(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  maxBytes: number,
): Promise<Buffer> {
  if (statusCode !== 200) {
    await body.dump();
    const retryable = statusCode === 408 || statusCode === 429 || statusCode >= 500;
    throw failure(url, `answers status ${statusCode}`, { retryable });
  }
  // It was not asked for, and is not decompressed: a few kilobytes may become gigabytes.
  const { 'content-encoding': encoding = 'identity', 'content-length': declared } = headers;
  if (encoding !== 'identity') {
    body.on('error', () => {}).destroy();
    throw failure(url, `sends compressed bytes (${String(encoding).slice(0, 20)})`);
  }
  const collected = new ByteCollector();
  // The first bytes tell the type: the rest of a web page or an archive is not fetched.
  let head = Buffer.alloc(0);
  for await (const chunk of body) {
    const bytes: Buffer = chunk;
    if (head.length < FOREIGN_BYTES) {
      head = Buffer.concat([head, bytes.subarray(0, FOREIGN_BYTES)]);
      if (head.length >= FOREIGN_BYTES) requireType(head, url);
    }
    const isTooLong = collected.length + bytes.length > maxBytes || Number(declared) > maxBytes;
    if (isTooLong) throw failure(url, `sends more than ${maxBytes} bytes`);
    collected.push(bytes);
  }
  if (collected.length === 0) throw failure(url, 'sends no bytes');
  return collected.bytes();
}

/** The media type by the first bytes. @throws {ProviderError} for what is neither an image nor a clip. */
function requireType(head: Buffer, url: URL): string {
  const mediaType = sniffMediaType(head);
  if (mediaType !== undefined) return mediaType;
  const foreign = foreignType(head);
  throw failure(
    url,
    foreign === undefined
      ? 'sends neither an image nor a clip of a known type'
      : `sends neither an image nor a clip: it is ${foreign.name}`,
  );
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
    hint: 'media are fetched from the public internet only; download it and use the file',
  });
}
