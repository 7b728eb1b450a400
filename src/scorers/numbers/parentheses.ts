/** Tells a negative number in accounting parentheses, `(1,200)`, from a remark or a list marker, `five (5)`. */

/** Grouped, with decimals, or with a currency or percent sign: written by an accountant. */
const ACCOUNTING = /\d[., \u00a0\u2009\u202f'’]\d|[%\p{Sc}]/u;

/** Before a plain integer: nothing on the line, a colon or equals sign, or a verb. */
const INTRODUCED = /(?:^|\n|[:=]|(?<!\p{L})(?:is|was|are|were|of|to|by))[ \t]*$/iu;
const LIST_MARKER = /^[ \t]*\p{L}/u;

/** Whether the number from `start` (with its currency) to `end` is negative because parentheses enclose just it. */
export function isAccountingNegative(text: string, start: number, end: number): boolean {
  if (text[start - 1] !== '(' || text[end] !== ')') return false;
  const before = text.slice(Math.max(0, start - 9), start - 1);
  if (/[\p{L}\p{N})\]]$/u.test(before)) return false;
  if (ACCOUNTING.test(text.slice(start, end))) return true;
  return (
    INTRODUCED.test(before) && !(/(?:^|\n)[ \t]*$/u.test(before) && LIST_MARKER.test(text.slice(end + 1, end + 9)))
  );
}
