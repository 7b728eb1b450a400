/** Keeps spreadsheets from running text cells of a CSV file as formulas; reversible. */

/**
 * Text that a spreadsheet may run as a formula, also after blanks and invisible characters (OWASP ASVS 1.2.10,
 * CWE-1236). Leading apostrophes are part of it, so that guarding twice can be undone twice.
 */
export const FORMULA_LIKE = /^'*[\s\u200B-\u200D\uFEFF]*[=+\-@＝＋－＠\t\r]/u;

/** Puts one apostrophe before a possible formula. CSV quotes would not help: spreadsheets remove them first. */
export function guard(text: string): string {
  return FORMULA_LIKE.test(text) ? `'${text}` : text;
}

/** Undoes `guard`: removes one apostrophe before a possible formula. */
export function unguard(cell: string): string {
  return cell.startsWith("'") && FORMULA_LIKE.test(cell.slice(1)) ? cell.slice(1) : cell;
}
