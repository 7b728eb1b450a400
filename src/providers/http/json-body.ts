/** Renders a JSON body around media that are already encoded, so that large bytes are neither copied nor scanned. */

import type { RequestBody } from './transport.ts';

/** Base64 as bytes, as requests send it, or as text, as a request is shown. */
export type Base64 = Buffer | string;

/** A JSON string that ends in base64: `prefix`, then the encoded bytes unchanged. */
export class MediaText {
  readonly prefix: string;
  /** ASCII; base64 needs no escaping. Shared by all requests that send the file, never changed. */
  readonly base64: Base64;

  constructor(prefix: string, base64: Base64) {
    this.prefix = prefix;
    this.base64 = base64;
  }
}

/** The values of a body; undefined members are left out. */
export type Json = string | number | boolean | null | undefined | MediaText | readonly Json[] | JsonObject;

export type JsonObject = { readonly [member: string]: Json };

/** A body without media is one string, which is the fastest to make and to send. */
export function jsonBody(value: Json): RequestBody {
  return { contentType: 'application/json', content: holdsMedia(value) ? jsonChunks(value) : JSON.stringify(value) };
}

function holdsMedia(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value instanceof MediaText || Object.values(value).some(holdsMedia);
}

/** The JSON text of a value in pieces; with `MediaText` read as its string it equals `JSON.stringify`. */
export function jsonChunks(value: unknown): readonly Buffer[] {
  const out: Output = { chunks: [], text: '' };
  write(value, out);
  out.chunks.push(Buffer.from(out.text));
  return out.chunks;
}

interface Output {
  readonly chunks: Buffer[];
  text: string;
}

function write(value: unknown, out: Output): void {
  if (value instanceof MediaText) {
    out.text += JSON.stringify(value.prefix).slice(0, -1);
    const { base64 } = value;
    out.chunks.push(Buffer.from(out.text), typeof base64 === 'string' ? Buffer.from(base64) : base64);
    out.text = '"';
  } else if (Array.isArray(value)) {
    writeArray(value, out);
  } else if (typeof value === 'object' && value !== null) {
    writeObject(value, out);
  } else {
    out.text += JSON.stringify(value) ?? 'null';
  }
}

function writeArray(items: readonly unknown[], out: Output): void {
  let separator = '[';
  for (const item of items) {
    out.text += separator;
    write(item, out);
    separator = ',';
  }
  out.text += separator === '[' ? '[]' : ']';
}

function writeObject(members: object, out: Output): void {
  let separator = '{';
  for (const [name, member] of Object.entries(members)) {
    if (member === undefined) continue;
    out.text += `${separator}${JSON.stringify(name)}:`;
    write(member, out);
    separator = ',';
  }
  out.text += separator === '{' ? '{}' : '}';
}
