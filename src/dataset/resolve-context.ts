/** Where the media of one pass over a manifest are looked for. */

import { defined } from '../collections/defined.ts';
import { InputError } from '../errors.ts';
import {
  createFileLocator,
  createNameLocator,
  type KnownFiles,
  type MediaFolders,
  type MediaLocator,
} from './locate-file.ts';
import type { RemoteLocatorOptions } from './locate-remote.ts';
import { parseMediaBase } from './media-base.ts';
import { MAX_MEDIA_BYTES } from './media-file.ts';
import type { RemoteFiles } from './remote-folder.ts';
import type { ResolveContext } from './resolve-media.ts';

/** See `DatasetSource`. */
interface MediaReach extends MediaFolders {
  readonly mediaBase?: string;
  readonly allowRemoteMedia?: boolean;
  readonly maxMediaBytes?: number;
}

export function createResolveContext(
  source: MediaReach,
  known: KnownFiles,
  {
    isOnlyPass,
    keepBroken,
    readsMedia,
  }: { readonly isOnlyPass: boolean; readonly keepBroken: boolean; readonly readsMedia: boolean },
): ResolveContext {
  const { folder, mediaRoot, mediaBase, maxMediaBytes = MAX_MEDIA_BYTES, allowRemoteMedia = false } = source;
  const locate = !readsMedia
    ? createNameLocator(defined({ folder, mediaRoot }))
    : mediaBase === undefined
      ? createFileLocator(defined({ folder, mediaRoot, maxMediaBytes, known, isOnlyPass }))
      : remoteLocator(mediaBase, { maxMediaBytes, known });
  return { locate, maxMediaBytes, allowRemoteMedia, keepBroken, readsMedia };
}

/** Storages by their base: all passes of a process share what they read, and whether the base is right. */
const storages = new Map<string, Promise<RemoteFiles>>();

/** The HTTP client is loaded with the first medium. */
async function openStorage(): Promise<RemoteFiles> {
  const [{ createRemoteFiles }, { keepLatest }] = await Promise.all([
    import('./remote-folder.ts'),
    import('./kept-files.ts'),
  ]);
  return keepLatest(createRemoteFiles());
}

function remoteLocator(
  mediaBase: string,
  options: Pick<RemoteLocatorOptions, 'maxMediaBytes' | 'known'>,
): MediaLocator {
  const base = parseMediaBase(mediaBase);
  if ('message' in base) throw new InputError({ ...base, message: `mediaRoot ${base.message}` });
  let locator: Promise<MediaLocator> | undefined;
  const open = async () => {
    const files = storages.get(base.href) ?? openStorage();
    storages.set(base.href, files);
    const { createRemoteLocator } = await import('./locate-remote.ts');
    return createRemoteLocator({ base, files: await files, ...options });
  };
  return async (uri) => {
    locator ??= open();
    return (await locator)(uri);
  };
}
