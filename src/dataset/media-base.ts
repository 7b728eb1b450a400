/** A media root that is a URL: paths of a manifest are resolved below it, and never leave it. */

import { posix } from 'node:path';
import { defined } from '../collections/defined.ts';
import { isLoopback } from '../text/loopback.ts';
import type { Fault } from './media-file.ts';

/** Whether a media root, or a manifest, is behind a URL. */
export function isRemoteRoot(written: string): boolean {
  return /^https?:\/\//i.test(written);
}

/**
 * The base of all media: its path ends in a slash, and its query, which may be a signature, is sent with each of them.
 * `http:` is for this machine only.
 */
export function parseMediaBase(written: string): URL | Fault {
  const url = parseRemote(written);
  if ('message' in url) return url;
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** A URL that the user gave, which may hold a secret in its query only. */
export function parseRemote(written: string): URL | Fault {
  if (!URL.canParse(written)) return { message: 'is not a URL', hint: 'write https://host/path' };
  const url = new URL(written);
  if (url.username !== '' || url.password !== '')
    return { message: 'contains a user name or password', hint: 'use a signature in the query, from a variable' };
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url)))
    return { message: 'is not encrypted', hint: 'use https:' };
  url.hash = '';
  return url;
}

/**
 * The URL of a path in a manifest. Characters are escaped, so `%2e` and `?` are parts of names. Only `..` could leave the
 * base, and that is rejected.
 */
export function resolveInBase(base: URL, path: string): URL | Fault {
  if (/\p{Surrogate}/u.test(path)) return { message: 'contains half of a character' };
  const below = posix.normalize(path);
  if (below === '..' || below.startsWith('../') || below === '.' || posix.isAbsolute(below))
    return { message: 'is outside mediaRoot', hint: 'paths are relative to mediaRoot, which is a URL' };
  const url = new URL(base);
  url.pathname += below.split('/').map(encodeURIComponent).join('/');
  return url;
}

/** Where media are, as a source of samples names it. `root` is a folder or a URL; relative folders start at `resolve`. */
export function mediaPlaceOf(
  root: string | undefined,
  resolve: (folder: string) => string,
): { readonly mediaRoot?: string; readonly mediaBase?: string } {
  if (root === undefined) return {};
  return isRemoteRoot(root) ? { mediaBase: root } : defined({ mediaRoot: resolve(root) });
}
