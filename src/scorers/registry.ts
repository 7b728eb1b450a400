/** All scorers by name, and the functions that check and create one from a configuration entry. */

import type { z } from 'zod';
import { InputError, type Problem } from '../errors.ts';
import { suggest } from '../text/nearest-name.ts';
import type { ScorerConfig } from '../types.ts';
import { cer } from './cer.ts';
import { exact } from './exact.ts';
import { includes } from './includes.ts';
import { numeric } from './numeric.ts';
import type { Figure, Ratio, Scorer, ScorerFactory } from './scorer.ts';
import { wer } from './wer.ts';

/** The scorers; a new one is one file and one line here. */
export const SCORERS = { exact, includes, wer, cer, numeric } as const satisfies Record<string, ScorerFactory>;

const factories: ReadonlyMap<string, ScorerFactory> = new Map(Object.entries(SCORERS));

/** The problems of a configuration entry: its name, weight and options. Empty when the scorer can be created. */
export function scorerProblems(config: ScorerConfig): readonly Problem[] {
  const { name, weight, ...options } = config;
  const factory = factories.get(name);
  if (factory === undefined)
    return [{ message: `unknown scorer "${name}"`, hint: suggest(name, [...factories.keys()]) }];
  const problems: Problem[] = [];
  if (weight !== undefined && !(Number.isFinite(weight) && weight >= 0))
    problems.push({
      message: `scorer "${name}": weight must be a number of at least 0`,
      hint: 'leave it out to use 1',
    });
  const known = Object.keys(factory.options.shape);
  for (const issue of factory.options.safeParse(options).error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys)
        problems.push({
          message: `scorer "${name}": unknown option "${key}"`,
          hint: known.length === 0 ? 'it has no options' : suggest(key, known),
        });
    else problems.push(optionProblem(name, issue, options));
  }
  return problems;
}

function optionProblem(scorer: string, issue: z.core.$ZodIssue, options: Readonly<Record<string, unknown>>): Problem {
  const option = issue.path.join('.');
  const value = options[option];
  const subject = `scorer "${scorer}": ${option}`;
  switch (issue.code) {
    case 'invalid_value':
      return typeof value === 'string'
        ? { message: `${subject} "${value}" is unknown`, hint: suggest(value, issue.values.map(String)) }
        : { message: `${subject} must be one of ${issue.values.join(', ')}` };
    case 'invalid_type':
      return {
        message: `${subject} must be ${issue.expected === 'boolean' ? 'true or false' : `a ${issue.expected}`}`,
      };
    case 'too_small':
      return { message: `${subject} must be at least ${issue.minimum}` };
    default:
      return { message: `${subject}: ${issue.message}` };
  }
}

/** Creates the scorer of a configuration entry. @throws {InputError} with all problems of the entry. */
export function createScorer(config: ScorerConfig): Scorer {
  const problems = scorerProblems(config);
  const { name, weight: _weight, ...options } = config;
  const factory = factories.get(name);
  if (factory === undefined || problems.length > 0) throw new InputError(problems);
  return factory.create(options);
}

/**
 * The figure of a whole corpus, e.g. errors divided by reference words, from the summed `counts` of its scores.
 * null when the scorer has no counts: its corpus figure is the mean of the values.
 */
export function corpusFigure(scorer: string, counts: Readonly<Record<string, number>>): Figure | null {
  return factories.get(scorer)?.pool?.(counts) ?? null;
}

/** What the counts of one score add to the corpus figure; null when the scorer has no counts. */
export function corpusParts(scorer: string, counts: Readonly<Record<string, number>>): Ratio | null {
  return factories.get(scorer)?.ratio?.(counts) ?? null;
}
