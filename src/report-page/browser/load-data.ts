/** Reads the blocks of the page: the compressed lines, and the media. */

import type { PageHead, PageSample, PageTail } from '../../reporters/html/page-data.ts';

export interface PageData {
  readonly head: PageHead;
  readonly samples: readonly PageSample[];
  readonly tail: PageTail;
  /** Address of an embedded medium; undefined = it is not in the file. */
  readonly mediaUrl: (key: string | undefined) => string | undefined;
}

/** @throws {Error} when the file is not whole. */
export async function loadData(page: Document): Promise<PageData> {
  const lines = (await unpacked(blockText(page, 'data'))).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const head: PageHead = JSON.parse(lines[0] ?? '');
  const tail: PageTail = JSON.parse(lines.at(-1) ?? '');
  if (head.format !== 'earsight-page' || lines.length < 2) throw new Error('the file is not whole');
  const samples = lines.slice(1, -1).map((line): PageSample => JSON.parse(line));
  return { head, samples, tail, mediaUrl: mediaIndex(blockText(page, 'media')) };
}

function blockText(page: Document, id: string): string {
  return page.getElementById(id)?.textContent ?? '';
}

/** Base64 of gzip, decoded in pieces: one string of all bytes would need several times the memory. */
async function unpacked(base64: string): Promise<string> {
  const text = base64.trim();
  const pieces = new Blob(
    Array.from({ length: Math.ceil(text.length / PIECE) }, (_, index) =>
      bytesOf(text.slice(index * PIECE, (index + 1) * PIECE)),
    ),
  );
  return new Response(pieces.stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

/** Characters, a multiple of 4. */
const PIECE = 2 ** 20;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Lines of `<key> <media type> <base64>`; an address is made when it is asked for. */
function mediaIndex(text: string): PageData['mediaUrl'] {
  const places = new Map<string, readonly [from: number, to: number]>();
  for (let from = text.indexOf('\n') + 1; from > 0 && from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    places.set(text.slice(from, text.indexOf(' ', from)), [from, to]);
    from = to + 1;
  }
  return (key) => {
    const place = key === undefined ? undefined : places.get(key);
    if (place === undefined) return undefined;
    const [, mediaType, base64] = text.slice(...place).split(' ');
    return `data:${mediaType};base64,${base64}`;
  };
}
