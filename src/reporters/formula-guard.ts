/** Keeps text cells of a CSV file from being run as formulas by spreadsheets, reversibly. */

/**
 * What a spreadsheet may take for a formula, also behind blanks, invisible characters and quotes (OWASP ASVS 1.2.10,
 * CWE-1236). Leading apostrophes are part of it so that guarding twice can be undone twice.
 */
export const FORMULA_LIKE = /^'*[\s\u200B-\u200D\uFEFF]*[=+\-@＝＋－＠\t\r]/u;

/** Puts one apostrophe before what could be a formula. Quoting the field would not help: spreadsheets look inside. */
export function guard(text: string): string {
  return FORMULA_LIKE.test(text) ? `'${text}` : text;
}

/** Undoes `guard`: takes one apostrophe away when what follows could be a formula. */
export function unguard(cell: string): string {
  return cell.startsWith("'") && FORMULA_LIKE.test(cell.slice(1)) ? cell.slice(1) : cell;
}
