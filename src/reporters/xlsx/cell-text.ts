/** Texts as an XLSX file holds them: any text comes back unchanged, unless it is too long for a cell. */

/** UTF-16 code units of a cell in Excel (support.microsoft.com, "Excel specifications and limits"). */
export const MAX_CELL_LENGTH = 32_767;

/**
 * What XML 1.0 cannot hold: control characters, U+FFFE, U+FFFF, and halves of surrogate pairs. A carriage return could be
 * held, but XML readers turn it into a line feed.
 */
const NOT_XML = '[\\u0000-\\u0008\\u000B-\\u001F\\uFFFE\\uFFFF]|\\p{Surrogate}';

/**
 * Also an underscore that would begin an escape, together with what follows it as written: after `_x0041` an escaped
 * character begins with the underscore that is missing. Some readers take a capital `X`, too.
 */
const ESCAPED = new RegExp(`${NOT_XML}|_(?=[xX][0-9A-Fa-f]{4}(?:_|${NOT_XML}))`, 'gu');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** `_xHHHH_` for a character that XML cannot hold (ECMA-376 part 1, 22.9.2.19, ST_Xstring), entities for its syntax. */
export function escapeCellText(text: string): string {
  return text
    .replace(ESCAPED, (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
}

/** A text that fits into a cell. A longer one ends in a note that says so and where it is whole. */
export function fitCellText(text: string): string {
  if (text.length <= MAX_CELL_LENGTH) return text;
  const note = ` … [cut: the journal has all ${text.length} characters]`;
  return text.slice(0, MAX_CELL_LENGTH - note.length).replace(/[\uD800-\uDBFF]$/u, '') + note;
}
