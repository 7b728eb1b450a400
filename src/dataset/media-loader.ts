/** Loads media for requests: each file is read, checked and encoded once for all models and repeats. */

import { hash } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import pLimit from 'p-limit';
import { defined } from '../collections/defined.ts';
import { ProviderError } from '../errors.ts';
import type { EncodedMedia } from '../io.ts';
import { codecName, converting, type MediaContent, type PreparedMedia } from '../media/codec.ts';
import { convertSound } from '../media/convert-sound.ts';
import { renderPage } from '../media/pdf.ts';
import { prepareImage } from '../media/prepare-image.ts';
import type { MediaRules, PageOfDocument } from '../media-transform.ts';
import { installedVersion, type VersionOf } from '../optional-package.ts';
import { quote } from '../text/quote.ts';
import type { Media, MediaLoader } from '../types.ts';
import { createEncodedCache } from './encoded-cache.ts';
import { MAX_MEDIA_BYTES, readUnchanged } from './media-file.ts';
import { mediaFolderOf } from './media-folder.ts';
import type { DatasetSource } from './read-manifest.ts';
import type { createGuardedAgent } from './remote-media.ts';
import { openUrlCache } from './url-cache.ts';

const MAX_CACHE_BYTES = 256 * 2 ** 20; // ten of the largest files, hundreds of ordinary ones

/** Media that are read, fetched or scaled at the same time: each needs twice its size in memory. */
const LOADS_AT_ONCE = 8;

export interface MediaLoaderOptions {
  /** Base64 text that is kept; default 256 MiB. */
  readonly maxCacheBytes?: number;
  /** Whether media behind URLs may be fetched; default false. */
  readonly allowRemoteMedia?: boolean;
  /** Largest media behind a URL; default 20 MiB. Files were checked by `readManifest`. */
  readonly maxMediaBytes?: number;
  /** Holds the manifest; media behind URLs are kept below it. Absent = they are fetched each time. */
  readonly datasetFolder?: string;
  /** Aborts pending fetches. */
  readonly signal?: AbortSignal;
  /** Resolves host names; default: the system. Its answers are checked. */
  readonly lookup?: LookupFunction;
  /** Names the codecs of changed media; default: by the installed packages. */
  readonly versionOf?: VersionOf;
}

/** Makes a loader. Its buffers are shared and must not be changed. */
export function createMediaLoader(options: MediaLoaderOptions = {}): MediaLoader {
  const cache = createEncodedCache(options.maxCacheBytes ?? MAX_CACHE_BYTES);
  const limit = pLimit(LOADS_AT_ONCE);
  const fetchRemote = createRemote(options);

  const bytesOf = async (media: Media): Promise<MediaContent> => {
    if (media.type === 'url') return fetchRemote(media.uri);
    if (media.type === 'remote') return { bytes: Buffer.from(await media.read()), mediaType: media.mediaType };
    if (media.type === 'data') return { bytes: Buffer.from(media.base64, 'base64'), mediaType: media.mediaType };
    const bytes = await readUnchanged(media.path, media);
    if (Buffer.isBuffer(bytes)) return { bytes, mediaType: media.mediaType };
    const { message, hint } = bytes;
    throw new ProviderError('media', `${quote(media.uri)} ${message}`, defined({ hint }));
  };

  const { versionOf = installedVersion } = options;
  const changed = createChange(options);
  const make = async (media: Media, rules: MediaRules): Promise<EncodedMedia> => {
    if (options.signal?.aborted === true) throw new ProviderError('aborted', 'loading media was aborted');
    const whole = await bytesOf(media);
    const name = media.type === 'url' ? `a medium of host "${new URL(media.uri).host}"` : quote(media.uri);
    const key = media.type === 'url' ? hash('sha256', whole.bytes) : media.sha256;
    if (media.type === 'url' || media.page === undefined) return encode(await changed(whole, rules, { name, key }));
    const page = await pageOf(whole, media.page, name, versionOf);
    const made = await changed(page, rules, { name, key: `${key} ${media.page.number}` });
    return encode({ ...made, codec: made.codec === undefined ? page.codec : `${page.codec}, ${made.codec}` });
  };

  return {
    load(media: Media, rules: MediaRules = {}) {
      const settings = rules.image === undefined && rules.audio === undefined ? '' : JSON.stringify(rules);
      const page = media.type === 'url' || media.page === undefined ? '' : JSON.stringify(media.page);
      const key = `${media.type === 'url' ? media.uri : media.sha256} ${settings}${page}`;
      return cache.get(key, () => limit(() => make(media, rules)));
    },
  };
}

/** The loader for the media of a manifest. */
export function createSourceLoader(
  { path, allowRemoteMedia, maxMediaBytes }: Pick<DatasetSource, 'path' | 'allowRemoteMedia' | 'maxMediaBytes'>,
  options: Pick<MediaLoaderOptions, 'signal' | 'versionOf'>,
): MediaLoader {
  const datasetFolder = mediaFolderOf(path);
  return createMediaLoader({ ...options, ...defined({ allowRemoteMedia, maxMediaBytes, datasetFolder }) });
}

/** An image of a page of a document. */
async function pageOf({ bytes }: MediaContent, { number, dpi }: PageOfDocument, name: string, versionOf: VersionOf) {
  const what = `sent as images of its pages (page ${number})`;
  const png = await converting(name, what, () => renderPage(bytes, number, dpi));
  if (Buffer.isBuffer(png))
    return { bytes: png, mediaType: 'image/png', codec: codecName(['@hyzyla/pdfium'], versionOf) };
  throw new ProviderError('media', `${name} ${png.message}`, defined({ hint: png.hint }));
}

/** Applies the settings of a model to the bytes of a medium. */
function createChange({ maxMediaBytes: maxBytes = MAX_MEDIA_BYTES, versionOf = installedVersion }: MediaLoaderOptions) {
  return (
    content: MediaContent,
    rules: MediaRules,
    { name, key }: { readonly name: string; readonly key: string },
  ): Promise<PreparedMedia> | PreparedMedia => {
    const { image, audio, imageTypes, audioTypes } = rules;
    if (image !== undefined && content.mediaType.startsWith('image/'))
      return prepareImage(content, { ...image, takes: imageTypes, key }, name, { versionOf });
    if (audio !== undefined && content.mediaType.startsWith('audio/'))
      return convertSound(content, { ...audio, takes: audioTypes, key }, name, { maxBytes, versionOf });
    return content;
  };
}

function encode({ bytes, mediaType, codec }: PreparedMedia): EncodedMedia {
  const encoded = { mediaType, base64: Buffer.from(bytes.toString('base64'), 'latin1'), byteLength: bytes.length };
  return codec === undefined ? encoded : { ...encoded, derived: { sha256: hash('sha256', bytes), codec } };
}

/** Fetches by URL when that is allowed; the first fetch makes the agent. */
function createRemote(options: MediaLoaderOptions): (uri: string) => Promise<MediaContent> {
  const {
    allowRemoteMedia = false,
    maxMediaBytes: maxBytes = MAX_MEDIA_BYTES,
    signal,
    lookup,
    datasetFolder,
  } = options;
  let dispatcher: ReturnType<typeof createGuardedAgent> | undefined;
  const cache = datasetFolder === undefined ? null : openUrlCache(datasetFolder);
  return async (uri) => {
    if (!allowRemoteMedia)
      throw new ProviderError('media', 'a URL cannot be inlined: fetching is not allowed', {
        hint: 'set dataset.allowRemoteMedia, or remoteMedia: pass for the model',
      });
    const { createGuardedAgent, fetchMedia, fetchThrough } = await import('./remote-media.ts');
    dispatcher ??= createGuardedAgent(lookup);
    const how = defined({ dispatcher, maxBytes, signal });
    return cache === null ? fetchMedia(uri, how) : fetchThrough(cache, uri, how);
  };
}
