/** Reads the header `Range` (RFC 9110, 14.2): players ask for parts of a clip. */

/** Both inclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One range of bytes; `whole` for a header that may be ignored, `none` for a range that the file does not have. */
export function requestedSpan(header: string | undefined, size: number): Span | 'whole' | 'none' {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header?.replace(/[ \t]/g, '') ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole';
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'none' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start >= size ? 'none' : { start, end };
}
