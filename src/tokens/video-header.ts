/** Reads the length of a video from its header, and whether it has sound: MP4 (ISO 14496-12) and WebM (RFC 8794, RFC 9559). */

import type { ByteSource } from '../media/byte-source.ts';
import type { MediaFacts } from './media-facts.ts';

/** Headers of real files have some thousand bytes to some hundred kilobytes. */
const MAX_HEADER_BYTES = 16 * 2 ** 20;
/** Boxes or elements that are walked over; a valid file has some hundred. */
const MAX_PARTS = 100_000;

interface Found {
  /** null = the header has none. */
  readonly seconds: number | null;
  readonly hasSound: boolean;
}

/** The facts of a video, or why it cannot be used. */
export async function videoHeader(source: ByteSource, mediaType: string): Promise<MediaFacts> {
  const found = mediaType === 'video/webm' ? await readWebm(source) : await readMp4(source);
  if (found === null) return { type: 'unreadable', message: `it is not readable as ${mediaType}: it has no header` };
  const { seconds, hasSound } = found;
  return seconds !== null && seconds > 0 && Number.isFinite(seconds)
    ? { type: 'video', seconds, hasSound }
    : { type: 'unreadable', message: 'its length is unknown: its header names none' };
}

/** `moov` is before or behind the pictures. */
async function readMp4(source: ByteSource): Promise<Found | null> {
  let at = 0;
  for (let parts = 0; parts < MAX_PARTS && at + 8 <= source.byteLength; parts += 1) {
    const head = await source.read(at, 16);
    if (head.length < 8) return null;
    const { size, header } = boxSize(head, source.byteLength - at);
    if (size < header) return null;
    if (head.toString('latin1', 4, 8) === 'moov')
      return mp4Facts(await source.read(at + header, Math.min(size - header, MAX_HEADER_BYTES)));
    at += size;
  }
  return null;
}

/** A size of 1 is followed by one of 64 bits, 0 means up to the end. */
function boxSize(head: Buffer, rest: number): { readonly size: number; readonly header: number } {
  const short = head.readUInt32BE(0);
  if (short === 1) return { size: head.length < 16 ? 0 : Number(head.readBigUInt64BE(8)), header: 16 };
  return { size: short === 0 ? rest : short, header: 8 };
}

function mp4Facts(moov: Buffer): Found {
  let seconds: number | null = null;
  let hasSound = false;
  for (const [type, body] of boxesIn(moov)) {
    if (type === 'mvhd') seconds = mvhdSeconds(body);
    if (type !== 'trak') continue;
    const media = boxesIn(body).find(([name]) => name === 'mdia')?.[1];
    const handler = media === undefined ? undefined : boxesIn(media).find(([name]) => name === 'hdlr')?.[1];
    hasSound ||= handler?.toString('latin1', 8, 12) === 'soun';
  }
  return { seconds, hasSound };
}

function boxesIn(bytes: Buffer): readonly (readonly [type: string, body: Buffer])[] {
  const boxes: (readonly [string, Buffer])[] = [];
  for (let at = 0; at + 8 <= bytes.length && boxes.length < MAX_PARTS; ) {
    const { size, header } = boxSize(bytes.subarray(at, at + 16), bytes.length - at);
    if (size < header) break;
    boxes.push([bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + header, at + size)]);
    at += size;
  }
  return boxes;
}

/** Version 1 has times of 64 bits. All bits set means that the length is not known. */
function mvhdSeconds(body: Buffer): number | null {
  const isLong = body[0] === 1;
  if (body.length < (isLong ? 32 : 20)) return null;
  const scale = body.readUInt32BE(isLong ? 20 : 12);
  const duration = isLong ? body.readBigUInt64BE(24) : BigInt(body.readUInt32BE(16));
  const isUnknown = duration === (isLong ? 2n ** 64n - 1n : 2n ** 32n - 1n);
  return scale === 0 || isUnknown ? null : Number(duration) / scale;
}

const EBML = { segment: 0x18538067, info: 0x1549a966, scale: 0x2ad7b1, duration: 0x4489, tracks: 0x1654ae6b } as const;
const TRACK = { entry: 0xae, type: 0x83, sound: 2 } as const;
const CLUSTER = 0x1f43b675;
const DEFAULT_SCALE_NS = 1_000_000;

async function readWebm(source: ByteSource): Promise<Found | null> {
  const bytes = await source.read(0, Math.min(source.byteLength, MAX_HEADER_BYTES));
  const segment = elementsIn(bytes).find(({ id }) => id === EBML.segment);
  if (segment === undefined) return null;
  let seconds: number | null = null;
  let hasSound = false;
  for (const { id, body } of elementsIn(segment.body)) {
    if (id === EBML.info) seconds = infoSeconds(body);
    if (id === EBML.tracks)
      hasSound = elementsIn(body).some(
        (track) =>
          track.id === TRACK.entry &&
          elementsIn(track.body).some((one) => one.id === TRACK.type && one.body[0] === TRACK.sound),
      );
  }
  return { seconds, hasSound };
}

function infoSeconds(info: Buffer): number | null {
  const parts = elementsIn(info);
  const scale = parts.find(({ id }) => id === EBML.scale)?.body;
  const duration = parts.find(({ id }) => id === EBML.duration)?.body;
  const scaleNs =
    scale === undefined || scale.length === 0 ? DEFAULT_SCALE_NS : scale.readUIntBE(0, Math.min(6, scale.length));
  if (duration?.length === 4) return (duration.readFloatBE() * scaleNs) / 1e9;
  return duration?.length === 8 ? (duration.readDoubleBE() * scaleNs) / 1e9 : null;
}

interface Element {
  readonly id: number;
  readonly body: Buffer;
}

/** The elements of one level, up to the first pictures. An unknown size goes up to the end. */
function elementsIn(bytes: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length && elements.length < MAX_PARTS; ) {
    const id = variableInteger(bytes, at, true);
    if (id === null || id.value === CLUSTER) break;
    const size = variableInteger(bytes, at + id.length, false);
    if (size === null) break;
    const start = at + id.length + size.length;
    const end = size.isUnknown ? bytes.length : start + size.value;
    elements.push({ id: id.value, body: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
}

/** The number of leading zero bits says how many bytes follow; an id keeps the marker, a size loses it. */
function variableInteger(bytes: Buffer, at: number, keepsMarker: boolean) {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || length > (keepsMarker ? 4 : 8) || at + length > bytes.length) return null;
  const marker = 2 ** (8 - length);
  let value = keepsMarker ? first : first - marker;
  let isUnknown = first - marker === marker - 1;
  for (const byte of bytes.subarray(at + 1, at + length)) {
    value = value * 256 + byte;
    isUnknown &&= byte === 0xff;
  }
  return { value, length, isUnknown };
}
