/** Prepares the media of a request: URLs that are passed on, and encoded bytes. */

import { ProviderError } from '../errors.ts';
import type { MediaLoader, ModelConfig } from '../types.ts';
import { type MediaPart, registeredType, rulesOf, unsupportedMedia } from './capabilities.ts';
import { type Base64, MediaText } from './http/json-body.ts';
import type { MediaSupport } from './provider.ts';

/** `bytes`: base64 and the registered name of its media type. */
export type MediaSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'bytes'; readonly mediaType: string; readonly base64: Base64 };

/** Finds what was loaded for a part of the request. */
export type SourceOf = (part: MediaPart) => MediaSource;

/**
 * Loads all media of a request at the same time.
 * @throws {ProviderError} kind `unsupported` for bytes that the model does not take, `media` for unreadable files.
 */
export async function loadSources(
  parts: readonly MediaPart[],
  model: ModelConfig,
  support: MediaSupport,
  loader: MediaLoader,
): Promise<SourceOf> {
  const loaded = await Promise.all(parts.map((part) => loadSource(part, model, support, loader)));
  const sources = new Map<MediaPart, MediaSource>(loaded);
  return (part) => sources.get(part) ?? noSource();
}

/** For requests without media. */
export function noSource(): never {
  throw new Error('the part does not belong to the request');
}

async function loadSource(
  part: MediaPart,
  model: ModelConfig,
  support: MediaSupport,
  loader: MediaLoader,
): Promise<readonly [MediaPart, MediaSource]> {
  const { type, media } = part;
  if (media.type === 'url' && model.remoteMedia !== 'inline') return [part, { type: 'url', url: media.uri }];
  const encoded = await loader.load(media, rulesOf(model, support));
  const source = { type: 'bytes', mediaType: registeredType(encoded.mediaType), base64: encoded.base64 } as const;
  const reason = unsupportedMedia(model, support, type, source, encoded.byteLength);
  if (reason !== null) throw new ProviderError('unsupported', `${model.id} cannot take ${reason}`);
  return [part, source];
}

/** A `data:` URL of encoded bytes, or the URL itself. */
export function urlText(source: MediaSource): string | MediaText {
  return source.type === 'url' ? source.url : new MediaText(`data:${source.mediaType};base64,`, source.base64);
}
