/** Renders a form with a file (multipart/form-data, RFC 7578); the same parts are always the same bytes. */

import { createHash } from 'node:crypto';
import type { RequestBody } from './transport.ts';

/** A field, or a file with its bytes. */
export type FormPart =
  | { readonly name: string; readonly value: string }
  | { readonly name: string; readonly fileName: string; readonly contentType: string; readonly bytes: Buffer };

/** The boundary is a hash of the parts: a file would have to hold its own hash to contain it. */
export function formBody(parts: readonly FormPart[]): RequestBody {
  const pieces = parts.map((part) => ({ head: Buffer.from(headOf(part)), bytes: bytesOf(part) }));
  const hash = createHash('sha256');
  for (const { head, bytes } of pieces) hash.update(`${head.length} ${bytes.length} `).update(head).update(bytes);
  const boundary = `earsight-${hash.digest('hex').slice(0, 32)}`;
  const content = pieces.flatMap(({ head, bytes }) => [
    Buffer.concat([Buffer.from(`--${boundary}\r\n`), head]),
    bytes,
    LINE_END,
  ]);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    content: [...content, Buffer.from(`--${boundary}--\r\n`)],
  };
}

const LINE_END = Buffer.from('\r\n');

function headOf(part: FormPart): string {
  const disposition = `Content-Disposition: form-data; name="${escaped(part.name)}"`;
  if ('value' in part) return `${disposition}\r\n\r\n`;
  return `${disposition}; filename="${escaped(part.fileName)}"\r\nContent-Type: ${part.contentType}\r\n\r\n`;
}

/** Line breaks of a field are sent as CR LF, as browsers do. */
function bytesOf(part: FormPart): Buffer {
  return 'value' in part ? Buffer.from(part.value.replace(/\r\n|\r|\n/g, '\r\n')) : part.bytes;
}

/** As the HTML standard escapes names in a form. */
function escaped(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
