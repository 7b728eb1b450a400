/** Reads runs of digits with separators between them: grouping, decimal point or comma, or a list without spaces. */

/** The mark between whole and fraction where a number has only one separator that could be either. */
export type DecimalMark = 'point' | 'comma';

/** Digits before and after the decimal mark; `fraction` is empty when there is none. */
export interface Digits {
  readonly whole: string;
  readonly fraction: string;
}

/** Space, no-break, figure, thin and narrow no-break space. */
export const GROUP_SPACE = '[ \\u00a0\\u2007\\u2009\\u202f]';
const SPACES = new RegExp(GROUP_SPACE, 'u');

/**
 * The numbers of one run. Empty when the run is none (`1.2.3`, `5'10`), so that no part of it is mistaken for a number.
 * A run that cannot be one number is split at its spaces and then at its commas: `2020 500`, `1,2,3`.
 */
export function readDigitGroups(run: string, decimal: DecimalMark): readonly Digits[] {
  const number = readOne(run, decimal);
  if (number !== undefined) return [number];
  if (SPACES.test(run)) return run.split(SPACES).flatMap((part) => readDigitGroups(part, decimal));
  const parts = run.split(',');
  if (parts.length === 1 || parts.some((part) => /^0\d/u.test(part))) return [];
  const numbers = parts.map((part) => readOne(part, decimal));
  return numbers.every((part) => part !== undefined) ? numbers : [];
}

function readOne(run: string, decimal: DecimalMark): Digits | undefined {
  const separators = run.replace(/\d/gu, '');
  const last = separators.at(-1);
  if (last === undefined) return { whole: run, fraction: '' };
  const kinds = new Set(separators);
  if (kinds.size === 2) return withFraction(run, last, separators);
  if (kinds.size > 2) return undefined;
  if (!'.,'.includes(last) || separators.length > 1) return grouped(run);
  const [whole = '', fraction = ''] = run.split(last);
  if (last === (decimal === 'point' ? '.' : ',')) return { whole, fraction };
  const group = grouped(run);
  if (group !== undefined) return group;
  // `1,5` and `0,125` can only be decimal; `2019,2020` are two numbers.
  return last === '.' || fraction.length <= 2 || whole === '0' ? { whole, fraction } : undefined;
}

/** Two kinds of separators tell by themselves which one is the decimal mark: `1,234.5` and `1.234,5`. */
function withFraction(run: string, mark: string, separators: string): Digits | undefined {
  if (!'.,'.includes(mark) || separators.indexOf(mark) < separators.length - 1) return undefined;
  const at = run.lastIndexOf(mark);
  const whole = grouped(run.slice(0, at));
  return whole && { whole: whole.whole, fraction: run.slice(at + 1) };
}

/** Groups of three, or the Indian way: the last of three, those before it of two. */
function grouped(run: string): Digits | undefined {
  const [first = '', ...others] = run.split(/\D/u);
  if (first.startsWith('0')) return undefined;
  const isWestern = first.length <= 3 && others.every((group) => group.length === 3);
  const isIndian =
    first.length <= 2 && others.every((group, index) => group.length === (index === others.length - 1 ? 3 : 2));
  return isWestern || isIndian ? { whole: first + others.join(''), fraction: '' } : undefined;
}
