/** Rewrites the many ways to type digits, signs and LaTeX numbers in one plain way, which the reader of numbers expects. */

const FULL_WIDTH_OFFSET = 0xfee0; // U+FF01 to U+FF5E are the ASCII characters 0x21 to 0x7E, shifted by this.

const SIGNS: Readonly<Record<string, string>> = {
  '٪': '%',
  '﹪': '%',
  '٫': '.',
  '٬': ',',
  '‑': '-',
  '﹣': '-',
  '⁄': '/',
  '∕': '/',
};

const LATEX: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\\(?:left|right)(?![a-z])/gu, ''],
  [/\{([.,])\}/gu, '$1'],
  [/\\!/gu, ''],
  [/\\[,:;]/gu, '\u2009'],
  [/\\(?:times|cdot)(?![a-z])/gu, '×'],
  [/\\([%$])/gu, '$1'],
  [/\\sqrt(?![a-z])\s?\{?/gu, '√'],
  [/([-−–+]?)\\[dt]?frac\s?\{([^{}]{1,40})\}\s?\{([^{}]{1,40})\}/gu, ' $1$2/$3'],
  [/([-−–+]?)\\[dt]?frac\s?(\d)\s?(\d)/gu, ' $1$2/$3'],
  [/([_^])\{([^{}]{0,40})\}/gu, '$1$2'],
  [/([-−–+]?)\\(?:boxed|fbox|text(?:bf|it|rm)?|math(?:bf|it|rm)|operatorname)\s?\{/gu, ' $1'],
  [/[{}]/gu, ' '],
];

/**
 * Digits of every script become ASCII digits, full-width characters ASCII, vulgar fractions `1/2`, superscripts `^2`
 * (after a digit), and LaTeX is replaced by what it shows: `9{,}500` by `9,500`, `\frac{1}{2}` by `1/2`.
 */
export function canonicalText(text: string): string {
  const shown = text
    .replace(/(?<=[０-９])，(?=[０-９])/gu, ',')
    .replace(/[，、]/gu, ', ')
    .replace(/[！-～]/gu, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/[٪﹪٫٬‑﹣⁄∕]/gu, (character) => SIGNS[character] ?? character);
  const plain = canonicalDigits(shown);
  return withSuperscripts(withFractions(plain.includes('\\') || plain.includes('{') ? withoutLatex(plain) : plain));
}

/** Decimal digits of every script become ASCII digits. */
export function canonicalDigits(text: string): string {
  return text.replace(/[^\P{Nd}0-9]/gu, digitOf);
}

function withoutLatex(text: string): string {
  return LATEX.reduce((shown, [pattern, replacement]) => shown.replace(pattern, replacement), text);
}

const DIGITS = new Map<string, string>();

/** Decimal digits of a script follow each other from its zero, so the digits before one tell its value. */
function digitOf(character: string): string {
  const known = DIGITS.get(character);
  if (known !== undefined) return known;
  const codePoint = character.codePointAt(0) ?? 0;
  let count = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(codePoint - count - 1))) count += 1;
  const digit = String(count % 10);
  DIGITS.set(character, digit);
  return digit;
}

/** `2½` becomes `2 1/2`. */
function withFractions(text: string): string {
  return text.replace(/(\d?)\s?([¼-¾⅐-⅞↉])/gu, (_, digit: string, fraction: string) => {
    const written = fraction.normalize('NFKD').replace('⁄', '/');
    return digit === '' ? written : `${digit} ${written}`;
  });
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `10³` becomes `10^3`; the superscript of a unit (`m²`) is dropped. */
function withSuperscripts(text: string): string {
  return text.replace(/(\d?)([⁺⁻]?[⁰¹²³⁴-⁹]+)/gu, (_, digit: string, superscript: string) => {
    if (digit === '') return '';
    const exponent = superscript.replace(/[⁰¹²³⁴-⁹]/gu, (character) => String(SUPERSCRIPTS.indexOf(character)));
    return `${digit}^${exponent.replace('⁻', '-').replace('⁺', '')}`;
  });
}
