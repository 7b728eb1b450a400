/** Gets a part's media ready for the wire: a URL that is passed on, or its encoded bytes. */

import { ProviderError } from '../errors.ts';
import type { ContentPart, MediaLoader, ModelConfig } from '../types.ts';
import { mediaRefusal, registeredType } from './capabilities.ts';
import { MediaText } from './json-chunks.ts';
import type { Carriage } from './provider.ts';

export type MediaPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** `bytes`: base64 and the registered name of its media type. */
export type MediaSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'bytes'; readonly mediaType: string; readonly base64: Buffer };

export type LoadPart = (part: MediaPart) => Promise<MediaSource>;

/** Loads for one model. @throws {ProviderError} kind `unsupported` for bytes that the model does not take, `media` for those that cannot be had. */
export function partLoader(model: ModelConfig, carriage: Carriage, loader: MediaLoader): LoadPart {
  return async ({ type, media }) => {
    if (media.type === 'url' && model.remoteMedia !== 'inline') return { type: 'url', url: media.uri };
    const encoded = await loader.load(media, model.media);
    const source = { type: 'bytes', mediaType: registeredType(encoded.mediaType), base64: encoded.base64 } as const;
    const reason = mediaRefusal(model, carriage, type, source, encoded.byteLength);
    if (reason !== null) throw new ProviderError('unsupported', `${model.id} cannot take ${reason}`);
    return source;
  };
}

/** A `data:` URL of encoded bytes, or the URL itself. */
export function urlText(source: MediaSource): string | MediaText {
  return source.type === 'url' ? source.url : new MediaText(`data:${source.mediaType};base64,`, source.base64);
}
