/** Makes the headers of small videos. */

export interface VideoOptions {
  /** null = the header names none. */
  readonly seconds: number | null;
  readonly hasSound?: boolean;
}

const UNKNOWN = 0xffffffff;

function box(type: string, ...bodies: readonly Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

function movieHeader(seconds: number | null, isLong: boolean): Buffer {
  const body = Buffer.alloc(isLong ? 112 : 100);
  body[0] = isLong ? 1 : 0;
  body.writeUInt32BE(1000, isLong ? 20 : 12);
  const duration = seconds === null ? UNKNOWN : Math.round(seconds * 1000);
  if (isLong) body.writeBigUInt64BE(BigInt(duration), 24);
  else body.writeUInt32BE(duration, 16);
  return box('mvhd', body);
}

function track(handler: string): Buffer {
  const body = Buffer.alloc(24);
  body.write(handler, 8, 'latin1');
  return box('trak', box('mdia', box('hdlr', body)));
}

/** `isLong`: times of 64 bits. `isLast`: the header follows the pictures, in a box with a size of 64 bits. */
export function mp4Bytes({
  seconds,
  hasSound = false,
  isLong = false,
  isLast = false,
}: VideoOptions & { readonly isLong?: boolean; readonly isLast?: boolean }): Buffer {
  const type = box('ftyp', Buffer.from('isom\0\0\0\0isommp42', 'latin1'));
  const header = box('moov', movieHeader(seconds, isLong), track('vide'), ...(hasSound ? [track('soun')] : []));
  const large = Buffer.alloc(24);
  large.writeUInt32BE(1);
  large.write('mdat', 4, 'latin1');
  large.writeBigUInt64BE(24n, 8);
  return Buffer.concat(isLast ? [type, large, header] : [type, header, box('mdat', Buffer.alloc(8))]);
}

function element(id: readonly number[], body: Buffer, isUnknown = false): Buffer {
  const size = isUnknown
    ? [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
    : [0x40 | (body.length >> 8), body.length & 0xff];
  return Buffer.concat([Buffer.from(id), Buffer.from(size), body]);
}

/** `isLive`: the size of the whole is not known, as of a recording in a browser. */
export function webmBytes({ seconds, hasSound = false, isLive = false }: VideoOptions & { readonly isLive?: boolean }) {
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE((seconds ?? 0) * 1000);
  const info = element([0x15, 0x49, 0xa9, 0x66], seconds === null ? Buffer.alloc(0) : element([0x44, 0x89], duration));
  const trackOf = (kind: number) => element([0xae], element([0x83], Buffer.from([kind])));
  const tracks = element([0x16, 0x54, 0xae, 0x6b], Buffer.concat([trackOf(1), ...(hasSound ? [trackOf(2)] : [])]));
  return Buffer.concat([
    element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], Buffer.from('webm'))),
    element([0x18, 0x53, 0x80, 0x67], Buffer.concat([info, tracks]), isLive),
  ]);
}
