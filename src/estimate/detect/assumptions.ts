/** Reads `--assume`: how much scores vary, stated instead of measured. */

import type { Problem } from '../../errors.ts';
import { suggest } from '../../text/nearest-name.ts';
import { quote } from '../../text/quote.ts';
import type { Spread } from './spread.ts';

/** What can be assumed; all are from 0 to 1. */
export const ASSUMPTIONS = {
  discordant: 'share of the samples that only one of two models passes',
  deviation: 'standard deviation of the differences between two grades of a sample',
  score: 'score_all of the first model, of pass or fail',
  noise: 'part of the variance of the differences that changes from repeat to repeat',
} as const;

export type Assumptions = Readonly<Partial<Record<keyof typeof ASSUMPTIONS, number>>>;

const NAMES = Object.keys(ASSUMPTIONS) as readonly (keyof typeof ASSUMPTIONS)[];

/** From `discordant=0.25` and so on. */
export function parseAssumptions(
  items: readonly string[],
): { readonly assumed: Assumptions } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const assumed: Partial<Record<keyof typeof ASSUMPTIONS, number>> = {};
  for (const item of items.flatMap((one) => one.split(','))) {
    const [, key = item, text = ''] = /^([^=]*)=(.*)$/s.exec(item) ?? [];
    const name = NAMES.find((one) => one === key.trim());
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (name === undefined)
      problems.push({ message: `--assume: ${quote(key.trim())} cannot be assumed`, hint: suggest(key.trim(), NAMES) });
    else if (!(value >= 0 && value <= 1))
      problems.push({ message: `--assume: ${name} is ${quote(text)}`, hint: 'give a number from 0 to 1' });
    else assumed[name] = value;
  }
  const { discordant, deviation, score } = assumed;
  if (problems.length === 0 && (discordant === undefined) === (deviation === undefined))
    problems.push({
      message: '--assume needs either discordant or deviation',
      hint: `discordant is the ${ASSUMPTIONS.discordant}, e.g. discordant=0.25; deviation is for grades`,
    });
  for (const [name, value] of Object.entries({ discordant, deviation }))
    if (value === 0)
      problems.push({ message: `--assume: ${name} is 0`, hint: 'models that never differ need no samples' });
  if (deviation !== undefined && score !== undefined)
    problems.push({ message: '--assume: score goes with discordant, not with deviation', hint: 'leave it out' });
  return problems.length > 0 ? { problems } : { assumed };
}

/** The spread for a difference from 0 to 1. Without `score`, nothing is known of a comparison without pairs. */
export function assumedSpread({ discordant, deviation = 0, score, noise }: Assumptions, difference: number): Spread {
  const paired = discordant === undefined ? deviation * deviation : discordant;
  // The lower rate of B is assumed, and the higher one where that does not exist.
  const other = score === undefined ? null : score >= difference ? score - difference : score + difference;
  const single = score === undefined || other === null ? null : ([score * (1 - score), other * (1 - other)] as const);
  return {
    discordant: discordant ?? null,
    paired,
    repeating: noise === undefined ? null : noise * paired,
    single,
    // What changes from repeat to repeat does so in each model for itself.
    singleRepeating: noise === undefined ? null : [(noise * paired) / 2, (noise * paired) / 2],
    bounds: null,
  };
}
