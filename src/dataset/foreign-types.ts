/** Names what a file is when no model takes it, and what to do about it: people have scans in PDF, drawings in SVG, pointers of Git LFS. */

/** A kind of file that is neither an image nor sound that models take. */
export interface ForeignType {
  /** Follows "is ". */
  readonly name: string;
  readonly hint: string;
}

/** Bytes from the start that are enough for `foreignType`; an SVG may begin with a long comment. */
export const FOREIGN_BYTES = 1024;

const TO_PNG = 'convert it to PNG or JPEG, for example: magick IN OUT.png';
const TO_WAV = 'convert it to WAV, for example: ffmpeg -i IN OUT.wav';
/** What to do with a video. */
export const FRAMES = 'cut out pictures (ffmpeg -i IN -r 1 OUT%03d.png) or the sound (ffmpeg -i IN -vn OUT.wav)';
const UNPACK = 'unpack it, and name the file inside';

const BIG_TIFF = { name: 'a TIFF image of more than 4 GiB (BigTIFF)', hint: `${TO_PNG}; each page becomes a file` };
const JPEG_2000 = { name: 'a JPEG 2000 image', hint: TO_PNG };
const JPEG_XL = { name: 'a JPEG XL image', hint: TO_PNG };
const MATROSKA = { name: 'a Matroska video', hint: FRAMES };
const HTML = { name: 'a web page (HTML)', hint: 'the download failed or needs a login: download the file itself' };
const SVG = { name: 'an SVG drawing', hint: 'render it as PNG, for example: magick -density 200 IN.svg OUT.png' };

interface Signature {
  readonly at?: number;
  /** Latin-1. */
  readonly bytes: string;
  readonly type: ForeignType;
}

const SIGNATURES: readonly Signature[] = [
  { bytes: 'II+\0', type: BIG_TIFF },
  { bytes: 'MM\0+', type: BIG_TIFF },
  { bytes: '\0\0\0\x0cjP  \r\n\x87\n', type: JPEG_2000 },
  { bytes: '\xff\x4f\xff\x51', type: JPEG_2000 },
  { bytes: '\0\0\0\x0cJXL \r\n\x87\n', type: JPEG_XL },
  { bytes: '\xff\x0a', type: JPEG_XL },
  { bytes: '8BPS', type: { name: 'a Photoshop document', hint: 'export it as PNG' } },
  { bytes: '\0\0\x01\0', type: { name: 'a Windows icon', hint: TO_PNG } },
  { at: 8, bytes: 'AVI LIST', type: { name: 'a video (AVI)', hint: FRAMES } },
  {
    bytes: 'RF64',
    type: {
      name: 'a WAV file of more than 4 GiB (RF64)',
      hint: 'cut it into shorter clips, for example: ffmpeg -i IN -t 60 OUT.wav',
    },
  },
  { bytes: '\x1a\x45\xdf\xa3', type: MATROSKA },
  {
    bytes: 'NIST_1A',
    type: { name: 'a NIST SPHERE recording', hint: 'convert it to WAV, for example: sph2pipe -f wav IN OUT.wav' },
  },
  { bytes: '#!AMR', type: { name: 'an AMR recording', hint: TO_WAV } },
  { bytes: 'caff', type: { name: 'a Core Audio recording', hint: TO_WAV } },
  { bytes: '.snd', type: { name: 'an AU recording', hint: TO_WAV } },
  { bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11', type: { name: 'a Windows Media file', hint: TO_WAV } },
  {
    bytes: 'MThd',
    type: {
      name: 'a MIDI file: notes, not sound',
      hint: 'render it as WAV, for example: fluidsynth -F OUT.wav FONT.sf2 IN.mid',
    },
  },
  { bytes: 'PK\x03\x04', type: { name: 'a ZIP archive or an Office document', hint: UNPACK } },
  { bytes: '\x1f\x8b', type: { name: 'compressed with gzip', hint: UNPACK } },
  { bytes: '\x28\xb5\x2f\xfd', type: { name: 'compressed with zstd', hint: UNPACK } },
  { bytes: 'PAR1', type: { name: 'a Parquet file', hint: 'write its images or clips as files' } },
];

interface TextPattern {
  readonly pattern: RegExp;
  readonly type: ForeignType;
}

/** Of text, after a byte-order mark and blanks. The first that matches counts. */
const TEXTS: readonly TextPattern[] = [
  {
    pattern: /^version https:\/\/git-lfs\.github\.com\//,
    type: { name: 'a pointer of Git LFS, not the file itself', hint: 'run: git lfs pull' },
  },
  {
    pattern: /^(?:\.\.\/)*\.?git\/annex\/objects\/|^\/annex\/objects\//,
    type: { name: 'a pointer of git-annex, not the file itself', hint: 'run: git annex get' },
  },
  { pattern: /^<!doctype html|^<html|^<head|^<body/i, type: HTML },
  { pattern: /^(?:<\?xml|<!--|<!doctype svg|<svg)[\s\S]*<svg[\s>]|^<svg[\s>]/i, type: SVG },
  { pattern: /^<!--[\s\S]*<html/i, type: HTML },
  {
    pattern: /^<\?xml|^<Error>/,
    type: { name: 'XML text', hint: 'it may be the error message of a download: open it in an editor' },
  },
  {
    pattern: /^[{[]/,
    type: { name: 'JSON text', hint: 'it may be the error message of a download: open it in an editor' },
  },
  {
    pattern: /^(?:data:[a-z]+\/|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|SUQz|T2dnUw|ZkxhQw)/,
    type: { name: 'base64 text', hint: 'decode it: base64 -d IN > OUT' },
  },
];

/** What a file that starts with these bytes is; undefined when that is not known either. */
export function foreignType(head: Uint8Array): ForeignType | undefined {
  const latin1 = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, FOREIGN_BYTES)).toString('latin1');
  const signature = SIGNATURES.find(({ at = 0, bytes }) => latin1.startsWith(bytes, at));
  if (signature !== undefined) return signature.type;
  const text = latin1.replace(/^\xef\xbb\xbf/, '').trimStart();
  return TEXTS.find(({ pattern }) => pattern.test(text))?.type;
}
