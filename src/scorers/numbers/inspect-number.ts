/** Reads one Unicode number as Inspect does: other scripts, vulgar fractions, superscript exponents, Chinese numerals. */

import { canonicalDigits } from './canonical-text.ts';

const DIGITS = '零〇○一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖两兩幺';
const DIGIT_VALUES = [0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 2, 2, 1];
const TENS: Readonly<Record<string, number>> = { 廿: 20, 卅: 30, 卌: 40 };
const SMALL: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 };
const LARGE: Readonly<Record<string, number>> = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8, 兆: 1e12 };
const CHINESE = new RegExp(`[${DIGITS}${Object.keys({ ...TENS, ...SMALL, ...LARGE }).join('')}点點]`, 'u');
const GROUPING = /[,，﹐、٬\s'’ʼ＇]/gu;
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** undefined when the text is not one number. */
export function inspectNumber(text: string): number | undefined {
  const signs = /^(?:\s|[-−﹣－负負+＋﹢正])*/u.exec(text)?.[0] ?? '';
  const isNegative = (signs.match(/[-−﹣－负負]/gu)?.length ?? 0) % 2 === 1;
  const rest = text.slice(signs.length).trim();
  if (rest === '') return undefined;
  const power = /(?<=.)([⁻⁺]?)([⁰¹²³⁴-⁹]+)$/u.exec(rest);
  const base = withFraction(power === null ? rest : rest.slice(0, power.index).trim());
  if (base === undefined) return undefined;
  const signed = isNegative ? -base : base;
  if (power === null) return signed;
  const exponent = Number((power[2] ?? '').replace(/./gu, (digit) => String(SUPERSCRIPTS.indexOf(digit))));
  return signed ** (power[1] === '⁻' ? -exponent : exponent);
}

/** `2½` is 2.5; nothing may follow the fraction. */
function withFraction(text: string): number | undefined {
  const match = /^(?<whole>[^¼-¾⅐-⅞]*)(?<fraction>[¼-¾⅐-⅞])$/u.exec(text)?.groups;
  if (match === undefined) return core(text);
  const [over, under] = (match['fraction'] ?? '').normalize('NFKD').split('⁄').map(Number);
  const whole = (match['whole'] ?? '').trim();
  const number = whole === '' ? 0 : core(whole);
  return number === undefined ? undefined : number + (over ?? 0) / (under ?? 1);
}

function core(text: string): number | undefined {
  if (CHINESE.test(text)) return chinese(text);
  const digits = canonicalDigits(text).replaceAll('．', '.').replaceAll('٫', '.');
  const mark = decimalMark(digits);
  const plain = digits
    .replaceAll(mark === ',' ? '.' : ',', '')
    .replace(mark === ',' ? /,/gu : /$^/gu, '.')
    .replace(GROUPING, '')
    .replaceAll('−', '-');
  return /^\d*\.?\d*(?:e[+-]?\d+)?$/iu.test(plain) && /^\.?\d/u.test(plain) ? Number(plain) : undefined;
}

/** Where both stand, the later one; a lone comma before one to three digits. */
function decimalMark(text: string): string {
  const [point, comma] = [text.lastIndexOf('.'), text.lastIndexOf(',')];
  if (point !== -1 && comma !== -1) return point > comma ? '.' : ',';
  return comma !== -1 && /,\d{1,3}$/u.test(text) ? ',' : '.';
}

function chinese(text: string): number | undefined {
  const [whole = '', fraction = ''] = text.split(/[点點．.]/u);
  const integer = [...whole].some((character) => character in { ...SMALL, ...LARGE, ...TENS })
    ? withUnits(whole)
    : lined(whole);
  const decimals = lined(fraction);
  if (integer === undefined || decimals === undefined) return undefined;
  return integer + (fraction === '' ? 0 : decimals / 10 ** [...fraction].length);
}

/** `二〇二五`: the digits one after the other. */
function lined(text: string): number | undefined {
  const digits = [...text].map(digitValue);
  return digits.every((digit) => digit !== undefined) ? Number(digits.join('') || '0') : undefined;
}

function digitValue(character: string): number | undefined {
  const at = DIGITS.indexOf(character);
  if (at !== -1) return DIGIT_VALUES[at];
  const digit = canonicalDigits(character);
  return /^\d$/u.test(digit) ? Number(digit) : undefined;
}

function withUnits(text: string): number | undefined {
  let [total, section, number] = [0, 0, 0];
  for (const character of text) {
    const digit = digitValue(character);
    const [small, large] = [SMALL[character], LARGE[character]];
    if (digit === 0) continue;
    if (digit !== undefined) number = digit;
    else if (small !== undefined) {
      section += (number === 0 ? 1 : number) * small;
      number = 0;
    } else if (large !== undefined) {
      total += (section + number) * large;
      [section, number] = [0, 0];
    } else if (TENS[character] !== undefined) section += TENS[character];
    else return undefined;
  }
  return total + section + number;
}
