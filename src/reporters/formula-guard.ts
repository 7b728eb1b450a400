/** Keeps spreadsheets from running text cells of a CSV file as formulas; reversible. */

/** `=`, `+`, `-`, `@`; the minus sign; small, full-width, superscript and subscript forms, which some programs fold. */
const SIGNS = '=+\\-@\\u2212\\u207A-\\u207C\\u208A-\\u208C\\uFE62\\uFE63\\uFE66\\uFE6B\\uFF0B\\uFF0D\\uFF1D\\uFF20';

/**
 * What a spreadsheet may skip before a sign: quotes, control characters, blanks, and characters without a glyph (Unicode
 * categories Cc, Cf and Z, `Default_Ignorable_Code_Point`, and the blank Braille pattern). They are ranges with four
 * hexadecimal digits, or the characters themselves above U+FFFF, so that the pattern works in other languages, too.
 */
const SKIPPED =
  '\'"\\u0000-\\u0020\\u007F-\\u00A0\\u00AD\\u034F\\u0600-\\u0605\\u061C\\u06DD\\u070F\\u0890\\u0891\\u08E2\\u115F\\u1160' +
  '\\u1680\\u17B4\\u17B5\\u180B-\\u180F\\u2000-\\u200F\\u2028-\\u202F\\u205F-\\u206F\\u2800\\u3000\\u3164\\uFE00-\\uFE0F' +
  '\\uFEFF\\uFFA0\\uFFF0-\\uFFFB\u{110BD}\u{110CD}\u{13430}-\u{1343F}\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}';

/** Text that a spreadsheet may run as a formula (OWASP ASVS 1.2.10, CWE-1236). */
export const FORMULA_LIKE = new RegExp(`^[${SKIPPED}]*[${SIGNS}]`, 'u');

/** All that is skipped before a sign. It starts nowhere inside of such a run, so the time is linear. */
const RUN = new RegExp(`(?<![${SKIPPED}])[${SKIPPED}]*(?=[${SIGNS}])`, 'gu');

/** What may start a cell inside of a text. */
const SEPARATOR = /[;\t\n\r]/;

/** A number cannot do anything: `-5`, `+3`, `-1,234.56`, `+1e-5`. */
const PLAIN_NUMBER = /^[+-](?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?<=\d)(?:[eE][+-]?\d{1,3})?$/;

/**
 * Puts one apostrophe before each possible formula. CSV quotes would not help: spreadsheets remove them first. A program
 * that separates cells by semicolons or tabs does not know our quotes, so a cell may also start inside of a text: after
 * a semicolon, a tab or a line end.
 */
export function guard(text: string): string {
  if (PLAIN_NUMBER.test(text)) return text;
  // Most cells are one cell for every program: their beginning decides, and the rest need not be searched.
  if (!SEPARATOR.test(text)) return FORMULA_LIKE.test(text) ? `'${text}` : text;
  return text.replace(RUN, (run: string, at: number) => {
    const guarded = run.replace(/[\t\n\r]/g, "$&'");
    return startsCell(text, at) ? `'${guarded}` : guarded;
  });
}

/** Undoes `guard`: removes the apostrophes before possible formulas. */
export function unguard(cell: string): string {
  return cell.replace(RUN, (run: string, at: number) => {
    const bare = startsCell(cell, at) && run.startsWith("'") ? run.slice(1) : run;
    return bare.replace(/([\t\n\r])'/g, '$1');
  });
}

/** Line ends and tabs are part of the run. */
function startsCell(text: string, at: number): boolean {
  return at === 0 || text[at - 1] === ';';
}
