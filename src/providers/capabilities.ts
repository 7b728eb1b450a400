/** Says what content a model does not support, before anything is sent or paid. */

import { isConvertedImage, isConvertedSound, isDecoded, sentType } from '../media/sent-form.ts';
import type { MediaRules } from '../media-transform.ts';
import type { MediumKind } from '../modalities.ts';
import type { ContentPart, Media, Message, ModelConfig } from '../types.ts';
import type { MediaSupport } from './provider.ts';

/** Other names of registered media types, as configurations and old tools write them. */
const ALIASES: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-aiff': 'audio/aiff',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
};

/** A part with a medium. */
export type MediaPart = Exclude<ContentPart, { readonly type: 'text' }>;

/** The registered name of a media type; a bare `wav` or `mp3` is read as audio. */
export function registeredType(name: string): string {
  const full = name.includes('/') ? name.toLowerCase() : `audio/${name.toLowerCase()}`;
  return ALIASES[full] ?? full;
}

/** The first reason why a model does not support these messages; null when it supports them. */
export function unsupported(model: ModelConfig, support: MediaSupport, messages: readonly Message[]): string | null {
  const kept = applyImageHistory(messages, model.imageHistory);
  const reason = unsupportedModality(model, support, kept) ?? (support.onlyOneClip ? notOneClip(kept) : null);
  if (reason !== null) return reason;
  const parts = mediaOf(kept);
  if (parts.length === 0) return null;
  return (
    unsupportedImageCount(model, support, kept, parts) ??
    unsupportedPages(model, support, parts) ??
    parts
      .map((part) => unsupportedMedia(model, support, part.type, part.media, knownBytes(part, model, support)))
      .find((found) => found !== null) ??
    null
  );
}

/** Why one medium is not supported; null when it is. `bytes` null = unknown. */
export function unsupportedMedia(
  model: ModelConfig,
  support: MediaSupport,
  type: MediumKind,
  media: Media | { readonly type: 'bytes'; readonly mediaType: string },
  bytes: number | null,
): string | null {
  const maxBytes = model.maxMediaBytes ?? maxBytesOf(support, type);
  if (maxBytes !== undefined && bytes !== null && bytes > maxBytes)
    return `a file of ${bytes} bytes; the model takes ${maxBytes}`;
  const limit = support.maxDataUrlCharacters;
  if (limit !== undefined && media.type !== 'url' && bytes !== null && dataUrlLength(media.mediaType, bytes) > limit)
    return `a file of ${bytes} bytes; the endpoint takes data URLs of ${limit} characters`;
  if (media.type === 'url') return model.remoteMedia === 'inline' ? null : unsupportedUrl(model, support, type);
  const mediaType = registeredType(media.mediaType);
  const sent = media.type === 'bytes' ? mediaType : sentType(type, mediaType, rulesOf(model, support));
  if (sent === null) return `${shownType(mediaType)}, which media.audio cannot convert${TO_WAV}`;
  const taken = takenTypes(model, support, type);
  return taken === undefined || taken.map(registeredType).includes(sent)
    ? null
    : `${shownType(media.mediaType)}; the model takes ${taken.join(', ')}${wayToConvert(mediaType, taken)}`;
}

/** The media settings of a model with the types that it takes. */
export function rulesOf(model: ModelConfig, support: Pick<MediaSupport, 'imageTypes' | 'audioTypes'>): MediaRules {
  const imageTypes = support.imageTypes?.map(registeredType);
  const audioTypes = (model.audioFormats ?? support.audioTypes)?.map(registeredType);
  return {
    ...model.media,
    ...(imageTypes === undefined ? {} : { imageTypes }),
    ...(audioTypes === undefined ? {} : { audioTypes }),
  };
}

function maxBytesOf(support: MediaSupport, type: MediumKind): number | undefined {
  if (type === 'document') return support.maxDocumentBytes;
  if (type === 'video') return support.maxVideoBytes;
  return type === 'audio' ? support.maxAudioBytes : undefined;
}

/** undefined = any. The manifest knows no other types of documents and videos than these. */
function takenTypes(model: ModelConfig, support: MediaSupport, type: MediumKind): readonly string[] | undefined {
  if (type === 'document') return ['application/pdf'];
  if (type === 'video') return ['video/mp4', 'video/webm'];
  return type === 'image' ? support.imageTypes : (model.audioFormats ?? support.audioTypes);
}

function dataUrlLength(mediaType: string, bytes: number): number {
  return `data:${mediaType};base64,`.length + 4 * Math.ceil(bytes / 3);
}

/** People know it by the ending of its files. */
const shownType = (mediaType: string) => (mediaType === 'audio/mp4' ? 'audio/mp4 (M4A)' : mediaType);

const TO_WAV = ' · convert it: ffmpeg -i IN -vn OUT.wav';

/** What to do with a medium that the model does not take in this form. */
function wayToConvert(mediaType: string, taken: readonly string[]): string {
  const types = taken.map(registeredType);
  if (mediaType.startsWith('image/')) return isConvertedImage(mediaType) ? ' · media: {image: {}} converts it' : '';
  if (!types.includes('audio/wav')) return '';
  return isConvertedSound(mediaType) ? ' · media: {audio: {format: keep}} converts it' : TO_WAV;
}

/** The messages that are sent. With `last`, earlier images are left out, because the model would not keep them. */
export function applyImageHistory(
  messages: readonly Message[],
  imageHistory: ModelConfig['imageHistory'],
): readonly Message[] {
  if (imageHistory !== 'last') return messages;
  const last = messages.findLastIndex(hasImage);
  return messages.map((message, index) => {
    if (index >= last || !hasImage(message)) return message;
    const content = message.content.filter((part) => part.type !== 'image');
    return { role: message.role, content: content.length > 0 ? content : [{ type: 'text', text: '' }] };
  });
}

function hasImage(message: Message): boolean {
  return message.content.some((part) => part.type === 'image');
}

function unsupportedModality(model: ModelConfig, support: MediaSupport, messages: readonly Message[]): string | null {
  for (const { role, content } of messages)
    for (const { type } of content) {
      if (!model.modalities.includes(type)) return `${type}; the model takes ${model.modalities.join(', ')}`;
      if (!support.modalities.includes(type)) return `${type}; the protocol takes ${support.modalities.join(', ')}`;
      if (role !== 'user' && type !== 'text') return `${type} in a message of role ${role}`;
    }
  return null;
}

/** Why messages are not one clip to transcribe. */
function notOneClip(messages: readonly Message[]): string | null {
  if (messages.filter(({ role }) => role === 'user').length > 1)
    return 'a conversation; one request transcribes one clip';
  const clips = mediaOf(messages).length;
  if (clips === 0) return 'a sample without a clip; it only transcribes';
  return clips === 1 ? null : `${clips} clips; one request transcribes one`;
}

function unsupportedImageCount(
  model: ModelConfig,
  support: MediaSupport,
  messages: readonly Message[],
  parts: readonly MediaPart[],
): string | null {
  const withImages = messages.filter(hasImage).length;
  if (model.imageHistory === 'error' && withImages > 1) return 'images in more than one turn';
  const images = parts.filter(({ type }) => type === 'image').length;
  const maxImages = model.maxImages ?? support.maxImages;
  return maxImages !== undefined && images > maxImages ? `${images} images; the model takes ${maxImages}` : null;
}

/** What is behind a URL is not counted. */
function unsupportedPages(model: ModelConfig, support: MediaSupport, parts: readonly MediaPart[]): string | null {
  const maxPages = model.maxPages ?? support.maxPages;
  if (maxPages === undefined) return null;
  const pages = parts.reduce(
    (sum, { type, media }) => sum + (type === 'document' && media.type !== 'url' ? (media.pages ?? 0) : 0),
    0,
  );
  return pages > maxPages ? `documents of ${pages} pages; the model takes ${maxPages}` : null;
}

function unsupportedUrl(model: ModelConfig, support: MediaSupport, type: MediumKind): string | null {
  const passes = {
    image: support.imageUrl,
    audio: support.audioUrl && model.audioEncoding !== 'input_audio',
    document: support.documentUrl === true,
    video: support.videoUrl === true,
  }[type];
  return passes ? null : `${type} by URL; remoteMedia: inline sends its bytes`;
}

/** All media of a request, in order. */
export function mediaOf(messages: readonly Message[]): readonly MediaPart[] {
  const parts: MediaPart[] = [];
  for (const { content } of messages) for (const part of content) if (part.type !== 'text') parts.push(part);
  return parts;
}

/** null where it is known only after the medium is loaded: behind a URL, an image of a page, or when it is changed. */
function knownBytes({ type, media }: MediaPart, model: ModelConfig, support: MediaSupport): number | null {
  if (media.type === 'url' || media.page !== undefined) return null;
  const rules = rulesOf(model, support);
  const mediaType = registeredType(media.mediaType);
  const mayChange =
    type === 'image'
      ? rules.image?.maxEdge !== undefined || sentType(type, mediaType, rules) !== mediaType
      : type === 'audio' && rules.audio !== undefined && isDecoded(mediaType, rules.audio, rules.audioTypes);
  return mayChange ? null : media.byteLength;
}
