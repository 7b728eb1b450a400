/** Finds the media of a manifest below a URL: their bytes are read once for their type and hash, and again for a request. */

import { hash } from 'node:crypto';
import { InputError, ProviderError } from '../errors.ts';
import { memorySource } from '../media/byte-source.ts';
import { quote } from '../text/quote.ts';
import { foreignType } from './foreign-types.ts';
import { resolveInBase } from './media-base.ts';
import { type Fault, type FileFacts, orientationOf, pagesOf } from './media-file.ts';
import type { RemoteFault, RemoteFiles } from './remote-folder.ts';
import { sniffMediaType } from './sniff.ts';

/** A file behind a URL, with its facts. */
export interface RemoteFile extends FileFacts {
  /** @throws {ProviderError} kind `media` when it cannot be read, or has other bytes than its facts say. */
  readonly read: () => Promise<Buffer>;
}

/** Facts by path; shared by all passes over one manifest. */
export type KnownRemoteFiles = Map<string, Promise<FileFacts | Fault>>;

export interface RemoteLocatorOptions {
  readonly base: URL;
  readonly files: RemoteFiles;
  readonly maxMediaBytes: number;
  readonly known: KnownRemoteFiles;
}

/** About 40 MB when full. The next pass reads all other files again. */
const MAX_KNOWN_FILES = 100_000;
/** The base is taken for wrong when so many files fail and none was read: a million rows would ask a million times. */
const MOST_FAILURES = 3;

/** @throws {InputError} when nothing can be read below the base. */
export function createRemoteLocator({ base, files, maxMediaBytes, known }: RemoteLocatorOptions) {
  let failures = 0;

  const fetchBytes = async (url: URL) => {
    const bytes = await files.read(url, maxMediaBytes);
    if (Buffer.isBuffer(bytes)) return bytes;
    if (files.hasSucceeded() || bytes.status === 404) return bytes;
    failures += 1;
    if (bytes.status === null || failures >= MOST_FAILURES) throw unreadable(bytes);
    return bytes;
  };
  const describe = async (url: URL): Promise<FileFacts | Fault> => {
    const bytes = await fetchBytes(url);
    if (!Buffer.isBuffer(bytes)) return { message: bytes.message, hint: hintOf(bytes) };
    if (bytes.length === 0) return { message: 'is empty (0 bytes)' };
    const mediaType = sniffMediaType(bytes);
    const sha256 = hash('sha256', bytes);
    return {
      mediaType,
      byteLength: bytes.length,
      sha256,
      ...(await pagesOf(mediaType, sha256, async () => bytes)),
      ...(await orientationOf(memorySource(bytes), mediaType)),
      ...(mediaType === undefined ? { foreign: foreignType(bytes) } : {}),
    };
  };
  const describeOnce = (url: URL) => {
    const facts = known.get(url.pathname) ?? describe(url);
    if (known.size < MAX_KNOWN_FILES) known.set(url.pathname, facts);
    return facts;
  };
  const readUnchanged = async (url: URL, uri: string, { sha256 }: FileFacts): Promise<Buffer> => {
    const bytes = await files.read(url, maxMediaBytes);
    if (!Buffer.isBuffer(bytes))
      throw new ProviderError('media', `${quote(uri)} ${bytes.message}`, { hint: hintOf(bytes) });
    if (hash('sha256', bytes) !== sha256)
      throw new ProviderError('media', `${quote(uri)} changed since validation`, {
        hint: 'do not change media during a run',
      });
    return bytes;
  };
  return async (uri: string): Promise<RemoteFile | Fault> => {
    const url = resolveInBase(base, uri);
    if ('message' in url) return url;
    const facts = await describeOnce(url);
    return 'message' in facts ? facts : { ...facts, read: () => readUnchanged(url, uri, facts) };
  };
}

function hintOf({ status }: RemoteFault): string {
  if (status === 404) return 'paths are relative to mediaRoot';
  if (status === 401 || status === 403 || status === 409)
    return 'check the query of mediaRoot, or its variable: a signature may have expired';
  return 'check mediaRoot and the connection to its storage';
}

function unreadable(fault: RemoteFault): InputError {
  return new InputError({
    message: `nothing below mediaRoot can be read: a medium ${fault.message}`,
    hint: hintOf(fault),
  });
}
