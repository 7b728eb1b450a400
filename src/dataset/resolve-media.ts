/** Resolves a media value of a manifest to a checked reference: a file, inline bytes, or a URL to pass on. */

import { hash } from 'node:crypto';
import { memorySource } from '../media/byte-source.ts';
import { MEDIUM_KINDS, type MediumKind } from '../modalities.ts';
import { quote } from '../text/quote.ts';
import type { ContentPart, Media } from '../types.ts';
import type { About, Complain } from './defect.ts';
import type { DraftPart, MediaKind, MediaPart, MediaSource } from './draft.ts';
import { FRAMES, foreignType } from './foreign-types.ts';
import type { MediaLocator } from './locate-file.ts';
import { type Fault, type FileFacts, orientationOf, pagesOf, tooLarge } from './media-file.ts';
import { isPublicAddress, literalAddress } from './public-address.ts';
import { asVideo, isHeif, KNOWN_MEDIA, normalizeMediaType, SNIFF_BYTES, sniffMediaType } from './sniff.ts';

export interface ResolveContext {
  readonly locate: MediaLocator;
  readonly maxMediaBytes: number;
  /** URLs that may be fetched later are checked for private addresses at once. */
  readonly allowRemoteMedia: boolean;
  /** Whether samples with media that cannot be used are kept, as `broken`. */
  readonly keepBroken: boolean;
  /** Whether files are opened; otherwise their names say what they are. */
  readonly readsMedia: boolean;
}

type MediaOfKind = { readonly kind: MediumKind; readonly media: Media };

/** Resolves the media of a message; undefined when one is invalid, which is reported, and broken media are not kept. */
export async function resolveParts(
  parts: readonly DraftPart[],
  context: ResolveContext,
  complain: Complain,
): Promise<readonly ContentPart[] | undefined> {
  const resolved: ContentPart[] = [];
  for (const part of parts) {
    const content = part.type === 'text' ? part : await resolvePart(part, context, complain);
    if (content !== undefined) resolved.push(content);
  }
  return resolved.length === parts.length ? resolved : undefined;
}

async function resolvePart(
  part: MediaPart,
  context: ResolveContext,
  complain: Complain,
): Promise<ContentPart | undefined> {
  const found = await resolveSource(part, context);
  if ('message' in found) {
    complain(`${part.type} ${nameOf(part.source)} ${found.message}`, found.hint, aboutPart(part));
    return context.keepBroken ? standIn(part) : undefined;
  }
  const { kind, media } = found;
  if (kind !== 'image') return { type: kind, media };
  return part.detail === undefined ? { type: kind, media } : { type: kind, media, detail: part.detail };
}

/** A medium without a column of its own is in a message. */
function aboutPart({ type, item }: MediaPart): About {
  if (item === undefined) return { column: 'messages' };
  return { column: type === 'file' ? 'file_name' : type, item };
}

/** Represents a medium that cannot be used in the tables. */
function standIn({ type, source }: MediaPart): ContentPart {
  const uri = shownUri(source);
  const kind = type === 'file' ? (kindOfName(uri) ?? 'image') : type;
  return { type: kind, media: { type: 'url', uri } };
}

/** Bytes and long texts by their hash: tables and journals never hold them. */
function shownUri(source: MediaSource): string {
  const text = source.type === 'base64' ? `data:audio/${source.format},${source.base64}` : source.uri;
  if (!/^data:/i.test(text) && text.length <= MAX_SHOWN) return text;
  return `${text.slice(0, 40).split(/[;,]/)[0]};sha256=${hash('sha256', text)}`;
}

/** Characters of a path that tables show. */
const MAX_SHOWN = 300;

async function resolveSource({ type, source }: MediaPart, context: ResolveContext): Promise<MediaOfKind | Fault> {
  if (source.type === 'base64') return resolveBytes(source.base64, `audio/${source.format}`, type, context);
  const { uri } = source;
  const scheme = SCHEME.exec(uri)?.[1]?.toLowerCase();
  if (scheme === 'https') return resolveUrl(uri, type, context);
  if (scheme === 'data') return resolveDataUrl(uri, type, context);
  if (scheme === 'http') return { message: 'is not encrypted', hint: 'use https:, or download it and use the file' };
  if (scheme === 'file') return { message: 'is a file: URL', hint: 'write the path' };
  if (scheme !== undefined)
    return { message: `has the unknown scheme ${quote(scheme)}`, hint: 'use a path, an https: URL or a data: URL' };
  const file = await context.locate(uri);
  if ('message' in file) return file;
  const { mediaType: found, foreign, broken, ...facts } = file;
  const mediaType = found ?? (context.readsMedia ? undefined : USUAL[type]);
  if (mediaType === undefined && !context.readsMedia) return UNNAMED;
  return checkKind({ mediaType, foreign, broken }, type, (name) =>
    'read' in facts
      ? { type: 'remote', uri, mediaType: name, ...facts }
      : { type: 'file', uri, mediaType: name, ...facts },
  );
}

/** Of a file whose name does not tell, where no file is opened. */
const USUAL: Readonly<Record<MediaKind, string | undefined>> = {
  image: 'image/png',
  audio: 'audio/wav',
  document: 'application/pdf',
  video: 'audio/mp4',
  file: undefined,
};

const UNNAMED: Fault = {
  message: 'does not show what it is',
  hint: `use the column ${MEDIUM_KINDS.join(' or ')}`,
};

/** At least two letters: one alone is a Windows drive. */
const SCHEME = /^([a-z][a-z0-9+.-]+):/i;

/** The media type comes from the bytes; it must be of the kind that the manifest says. */
function checkKind(
  { mediaType, foreign, broken }: Pick<FileFacts, 'mediaType' | 'foreign'> & { readonly broken?: Fault | undefined },
  wanted: MediaKind,
  media: (mediaType: string) => Media,
): MediaOfKind | Fault {
  const known = wanted === 'file' ? Object.values(KNOWN_MEDIA).slice(0, 3).join(', ') : KNOWN_MEDIA[wanted];
  const video = wanted === 'video' ? asVideo(mediaType) : undefined;
  if (video !== undefined) return { kind: 'video', media: media(video) };
  if (mediaType === undefined)
    return foreign === undefined
      ? { message: 'has an unknown type by its first bytes', hint: `known: ${known}` }
      : { message: `is ${foreign.name}`, hint: foreign.hint };
  const kind = kindOfType(mediaType);
  if (wanted === 'file' || wanted === kind) return broken ?? { kind, media: media(mediaType) };
  if (kind === 'audio' && VIDEO_CONTAINERS.includes(mediaType))
    return {
      message: `is a video, or sound in the container of one (${mediaType})`,
      hint: `use it as video, or ${FRAMES}`,
    };
  return {
    message: `contains ${mediaType}`,
    hint: `use it as ${kind}${kind === 'document' && wanted === 'image' ? RENDERED : ''}`,
  };
}

const RENDERED = ', or render its pages as images, for example: pdftoppm -png IN.pdf OUT';

function kindOfType(mediaType: string): MediumKind {
  if (mediaType === 'application/pdf') return 'document';
  return mediaType.startsWith('image/') ? 'image' : 'audio';
}

const VIDEO_CONTAINERS: readonly string[] = ['audio/mp4', 'audio/webm'];

function resolveUrl(uri: string, wanted: MediaKind, { allowRemoteMedia }: ResolveContext): MediaOfKind | Fault {
  if (!URL.canParse(uri)) return { message: 'is not a URL', hint: 'write https://host/path' };
  const url = new URL(uri);
  if (url.username !== '' || url.password !== '')
    return { message: 'contains a user name or password', hint: 'use a signed URL, or download it and use the file' };
  const address = literalAddress(url);
  if (allowRemoteMedia && address !== undefined && !isPublicAddress(address))
    return { message: 'is a private address', hint: 'media are fetched from the public internet only' };
  const kind = wanted === 'file' ? kindOfName(url.pathname) : wanted;
  if (kind !== undefined) return { kind, media: { type: 'url', uri } };
  return UNNAMED;
}

function kindOfName(path: string): MediumKind | undefined {
  if (/\.pdf$/i.test(path)) return 'document';
  if (/\.(?:png|jpe?g|gif|webp|hei[cf])$/i.test(path)) return 'image';
  return /\.(?:wav|mp3|flac|ogg|oga|opus|m4a|mp4|webm|aiff?|aac)$/i.test(path) ? 'audio' : undefined;
}

async function resolveDataUrl(uri: string, wanted: MediaKind, context: ResolveContext): Promise<MediaOfKind | Fault> {
  const [head, declared = ''] = DATA_URL.exec(uri) ?? [];
  if (head !== undefined) return resolveBytes(uri.slice(head.length), declared, wanted, context);
  return { message: 'is not in base64', hint: 'write data:image/png;base64,...' };
}

/** Media type, parameters, and the marker for base64. */
const DATA_URL = /^data:([^,;]{0,100})(?:;[^,;]{0,100}){0,8};base64,/i;

async function resolveBytes(
  base64: string,
  declared: string,
  wanted: MediaKind,
  context: ResolveContext,
): Promise<MediaOfKind | Fault> {
  if (base64 === '') return { message: 'is empty (0 bytes)' };
  const byteLength = (base64.length / 4) * 3 - (/={0,2}$/.exec(base64)?.[0].length ?? 0);
  if (byteLength > context.maxMediaBytes) return tooLarge(Math.ceil(byteLength), context.maxMediaBytes);
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
    return { message: 'is not valid base64', hint: 'use the standard alphabet with padding and no line breaks' };
  const sniffed = sniffMediaType(Buffer.from(base64.slice(0, SNIFF_BYTES * 2), 'base64'));
  const named = normalizeMediaType(declared);
  if (sniffed !== undefined && named !== '' && named !== sniffed && !(isHeif(named) && isHeif(sniffed)))
    return { message: `is declared as ${quote(named)}, but its bytes are ${sniffed}`, hint: `declare ${sniffed}` };
  const bytes = Buffer.from(base64, 'base64');
  const orientation = await orientationOf(memorySource(bytes), sniffed);
  const sha256 = hash('sha256', bytes);
  const { broken, ...pages } = await pagesOf(sniffed, sha256, async () => bytes);
  return checkKind({ mediaType: sniffed, foreign: foreignType(bytes), broken }, wanted, (mediaType) => {
    const uri = `data:${mediaType};sha256=${sha256}`;
    return { type: 'data', uri, mediaType, sha256, byteLength, ...orientation, ...pages, base64 };
  });
}

/** Names a source without its bytes, and a URL without its query, which may be a signature. */
function nameOf(source: MediaSource): string {
  if (source.type === 'base64') return 'in base64';
  const { uri } = source;
  if (/^data:/i.test(uri)) return quote(`${uri.slice(0, 40).split(',')[0]},…`);
  return quote(/^https?:/i.test(uri) ? uri.replace(/[?#].*$/s, '?…').replace(/\/\/[^/@]*@/, '//…@') : uri);
}
