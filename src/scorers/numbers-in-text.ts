/** Finds the numbers in a text. */

/** One number in a text. */
export interface FoundNumber {
  readonly value: number;
  /** Followed by `%` or `percent`; `value` is the number before it. */
  readonly percent: boolean;
}

/**
 * Reads digits (ASCII or full-width) with sign, currency sign, thousands separators (comma, apostrophe, no-break or
 * thin space; with `comma` the point), decimals, exponent and percent sign. A minus is a sign only directly before the
 * number and not after a digit (`3-5` is two numbers, `- 3` is a bullet point). Digits that continue a word with upper or
 * lower case letters (`RC232`) are not a number. A unit may follow (`12kg`).
 */
export function extractNumbers(text: string, decimal: 'point' | 'comma' = 'point'): readonly FoundNumber[] {
  const found: FoundNumber[] = [];
  for (const { groups } of halfWidth(text).matchAll(PATTERNS[decimal])) {
    const digits = (groups?.['whole'] ?? '').replace(/\D/gu, '');
    const fraction = groups?.['fraction'] ?? '';
    const value = Number(`${digits}.${fraction}${groups?.['exponent'] ?? ''}`);
    if (!Number.isFinite(value)) continue;
    const negative = (groups?.['sign'] ?? '') !== '' || (groups?.['innerSign'] ?? '') !== '';
    found.push({ value: negative ? -value : value, percent: groups?.['percent'] !== undefined });
  }
  return found;
}

const PATTERNS = { point: numberPattern('.', ','), comma: numberPattern(',', '.') } as const;

function numberPattern(decimal: string, thousands: string): RegExp {
  const whole = `\\d{1,3}(?:[${thousands}'’\\u00a0\\u2009\\u202f]\\d{3})+(?!\\d)|\\d+|(?=[${decimal}]\\d)`;
  return new RegExp(
    `(?<![\\p{Lu}\\p{Ll}\\p{Nd}])(?<sign>[-−])?\\+?(?:\\p{Sc} ?)?(?<innerSign>[-−])?` +
      `(?<whole>${whole})(?:[${decimal}](?<fraction>\\d+))?(?<exponent>[eE][-+]?\\d+)?(?<percent>\\s?(?:%|percent))?`,
    'gu',
  );
}

/** Full-width digits and signs (U+FF01 to U+FF5E) have code points 0xFEE0 above their ASCII forms. */
function halfWidth(text: string): string {
  return text.replace(/[！-～]/gu, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) - 0xfee0));
}
