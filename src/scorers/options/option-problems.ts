/** Says what is wrong with the options of a scorer. */

import type { z } from 'zod';
import type { Problem } from '../../errors.ts';
import { suggest } from '../../text/nearest-name.ts';

/** One problem for each unknown or invalid option. Empty when they fit the shape. */
export function optionProblems(
  scorer: string,
  shape: z.ZodObject,
  options: Readonly<Record<string, unknown>>,
): readonly Problem[] {
  const known = Object.keys(shape.shape);
  return (shape.safeParse(options).error?.issues ?? []).flatMap((issue): readonly Problem[] => {
    if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return [optionProblem(scorer, issue, options)];
    return issue.keys.map((key) => ({
      message: `scorer "${scorer}": unknown option "${key}"`,
      hint: suggest(key, known),
    }));
  });
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
      return value === undefined && issue.path.length === 1
        ? { message: `${subject} is missing` }
        : { message: `${subject} must be ${typeName(issue.expected)}` };
    case 'too_small':
      return { message: `${subject} must ${sizeVerb(issue.origin)} at least ${issue.minimum}` };
    case 'too_big':
      return { message: `${subject} must ${sizeVerb(issue.origin)} at most ${issue.maximum}` };
    case 'unrecognized_keys':
      return { message: `${subject} has an unknown member "${issue.keys.join('", "')}"` };
    case 'invalid_union':
      return { message: `${subject} ${unionMessage(issue, value)}`, hint: 'see docs/scorers.md' };
    default:
      return { message: `${subject} ${issue.message}` };
  }
}

function sizeVerb(origin: string): string {
  if (origin === 'string') return 'have a length of';
  return origin === 'array' ? 'have' : 'be';
}

function typeName(expected: string): string {
  if (expected === 'boolean') return 'true or false';
  return /^[aeio]/u.test(expected) ? `an ${expected}` : `a ${expected}`;
}

/** A message of our own in a branch of the union says more than that no branch fits. */
function unionMessage(issue: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  const own = issue.errors.flat().find(({ message }) => message.startsWith('must '));
  return own?.message ?? `has no such form: ${JSON.stringify(value)?.slice(0, 60)}`;
}
