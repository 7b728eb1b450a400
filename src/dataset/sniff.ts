/** Finds the media type of a file from its first bytes; names and declared types may be wrong. */

/** Bytes from the start that are enough for `sniffMediaType`. */
export const SNIFF_BYTES = 64;

/** The types that `sniffMediaType` knows, for messages. */
export const KNOWN_MEDIA = {
  image: 'PNG, JPEG, GIF, WebP, HEIC, AVIF, TIFF or BMP',
  audio: 'WAV, MP3, FLAC, Ogg, MP4, WebM, AIFF or AAC',
  document: 'PDF',
  video: 'MP4 or WebM',
} as const;

/** Brands of ISO media files with HEVC pictures (ISO 23008-12, B.4.1): photos of iPhones. */
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
/** Brands of pictures in a codec that the other brands of the file name. */
const HEIF_BRANDS = ['mif1', 'msf1'];
const AVIF_BRANDS = ['avif', 'avis'];

/**
 * The IANA name of the media type, or undefined when it is not one of `KNOWN_MEDIA`.
 * MP4 and WebM count as containers of sound; `asVideo` gives their names as videos.
 */
export function sniffMediaType(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SNIFF_BYTES)).toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'image/gif';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'image/webp';
  if (text.startsWith('RIFF') && text.startsWith('WAVE', 8)) return 'audio/wav';
  if (text.startsWith('fLaC')) return 'audio/flac';
  if (text.startsWith('OggS')) return 'audio/ogg';
  if (text.startsWith('FORM') && (text.startsWith('AIFF', 8) || text.startsWith('AIFC', 8))) return 'audio/aiff';
  if (text.startsWith('ftyp', 4)) return typeOfBrands(bytes, text);
  if (text.startsWith('\x1a\x45\xdf\xa3') && text.includes('webm')) return 'audio/webm';
  if (text.startsWith(PDF)) return 'application/pdf';
  if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'image/tiff';
  if (isBitmap(text)) return 'image/bmp';
  if (text.startsWith('ID3')) return 'audio/mpeg';
  if (text.startsWith('ADIF')) return 'audio/aac';
  return sniffFrameSync(bytes);
}

/** "BM" alone may begin a text: the size of the header behind it is one of a few (BITMAPCOREHEADER to BITMAPV5HEADER). */
function isBitmap(text: string): boolean {
  const sizeOfHeader = text.charCodeAt(14) + 256 * text.charCodeAt(15);
  return text.startsWith('BM') && [12, 40, 52, 56, 64, 108, 124].includes(sizeOfHeader);
}

const PDF = '%PDF-';

/** The name of a container as that of a video; undefined for what is no such container. */
export function asVideo(mediaType: string | undefined): string | undefined {
  return mediaType === 'audio/mp4' || mediaType === 'audio/webm' ? mediaType.replace('audio/', 'video/') : undefined;
}

/** The first brand is the major one, then a version, then those that the file is compatible with. */
function typeOfBrands(bytes: Uint8Array, text: string): string | undefined {
  const end = Math.min(text.length, new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0));
  const major = text.slice(8, 12);
  const all = [major, ...(text.slice(16, end).match(/.{4}/gs) ?? [])];
  const has = (brands: readonly string[]) => all.some((brand) => brands.includes(brand));
  if (HEIC_BRANDS.includes(major)) return 'image/heic';
  if (AVIF_BRANDS.includes(major)) return 'image/avif';
  if (!HEIF_BRANDS.includes(major)) return 'audio/mp4';
  if (has(AVIF_BRANDS)) return 'image/avif';
  return has(HEIC_BRANDS) ? 'image/heic' : 'image/heif';
}

/** Photos in HEIF: the two names are used for each other. */
export function isHeif(mediaType: string): boolean {
  return mediaType === 'image/heic' || mediaType === 'image/heif';
}

/**
 * MPEG audio without a container starts with a frame: 11 set bits, then version and layer (ISO 11172-3, 2.4.1.3).
 * Layer 0 is AAC's ADTS. Layer I is not accepted: the byte-order mark of UTF-16 text (FF FE) looks like it.
 */
function sniffFrameSync(bytes: Uint8Array): string | undefined {
  const [first = 0, second = 0, third = 0xff] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  const version = (second >> 3) & 3;
  const layer = (second >> 1) & 3;
  if (layer === 0) return (second & 0xf0) === 0xf0 ? 'audio/aac' : undefined;
  const badRate = third >> 4 === 0xf || ((third >> 2) & 3) === 3;
  return version === 1 || layer === 3 || badRate ? undefined : 'audio/mpeg';
}

/** Other names in use for the types above. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['image/x-bmp', 'image/bmp'],
  ['image/x-ms-bmp', 'image/bmp'],
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['image/x-png', 'image/png'],
  ['audio/x-wav', 'audio/wav'],
  ['audio/wave', 'audio/wav'],
  ['audio/vnd.wave', 'audio/wav'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/mpga', 'audio/mpeg'],
  ['audio/x-mp3', 'audio/mpeg'],
  ['audio/x-flac', 'audio/flac'],
  ['audio/m4a', 'audio/mp4'],
  ['audio/x-m4a', 'audio/mp4'],
  ['video/mp4', 'audio/mp4'],
  ['video/webm', 'audio/webm'],
  ['audio/opus', 'audio/ogg'],
  ['application/ogg', 'audio/ogg'],
  ['audio/x-aiff', 'audio/aiff'],
  ['audio/aacp', 'audio/aac'],
]);

/** Turns a declared media type into the name that `sniffMediaType` gives. */
export function normalizeMediaType(name: string): string {
  const bare = name.trim().toLowerCase();
  return SYNONYMS.get(bare) ?? bare;
}
