/** Turns schema issues into our messages; values from the environment are never quoted. */

import type { z } from 'zod';
import { defined } from '../collections/defined.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { unknownMemberHint } from './schema-members.ts';
import { holdsKey, isSecretName } from './secrets.ts';
import { pathText, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';

type Issue = z.core.$ZodIssue;

/** Longer texts are not quoted. */
const MAX_QUOTED = 40;

const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'text',
};

/** The problems of schema issues; `tree` is the configuration as written, without values from the environment. */
export function schemaProblems(issues: readonly Issue[], tree: unknown): readonly TreeProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, [], tree));
}

function problemsOf(issue: Issue, base: TreePath, tree: unknown): readonly TreeProblem[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  const name = path.length === 0 ? 'the configuration' : pathText(path);
  const value = valueAt(tree, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key, index) => unknownMember(tree, path, key, index < MAX_SUGGESTIONS));
    case 'invalid_key':
      return [{ path, at: 'name', ...split(`${name} ${issue.issues[0]?.message ?? 'is not a valid name'}`) }];
    case 'invalid_union':
      return unionProblems(issue, path, tree);
    case 'custom':
    case 'invalid_format':
      return [{ path, ...split(`${name} ${issue.message}`) }];
    case 'too_small':
    case 'too_big':
      return [{ path, message: `${name} ${boundary(issue)}` }];
    case 'invalid_type':
    case 'invalid_value':
      break;
    default:
      return [{ path, message: `${name} is invalid` }];
  }
  if (value === undefined || value === null) return [absent(path, value, issue)];
  if (issue.code === 'invalid_value' && typeof value === 'string')
    return [wrongChoice(path, value, issue.values.map(String))];
  return [mismatch(path, value, [expectation(issue)])];
}

/** Unknown members of one mapping for which a similar name is searched. */
const MAX_SUGGESTIONS = 100;

function unknownMember(tree: unknown, path: TreePath, key: string, isSuggested: boolean): TreeProblem {
  const member = { path: [...path, key], at: 'name' } as const;
  const where = path.length === 0 ? '' : ` in ${pathText(path)}`;
  if (path[0] === 'models' && isSecretName(key))
    return {
      ...member,
      message: `unknown member ${quote(key)}${where}`,
      hint: 'name the variable of the key: `auth: {type: key, env: NAME}`',
    };
  const message = `unknown member ${quote(key)}${where}`;
  return isSuggested ? { ...member, message, hint: unknownMemberHint(tree, path, key) } : { ...member, message };
}

/** The problems of the alternative with the type of the value that knows most of its members; without one, a problem that lists all types. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: TreePath, tree: unknown): readonly TreeProblem[] {
  const value = valueAt(tree, path);
  if ('discriminator' in issue && typeof issue.discriminator === 'string')
    return discriminatorProblem(issue, path, value);
  const fitting = issue.errors
    .filter((branch) => branch.every((inner) => inner.path.length > 0 || !isKindIssue(inner)))
    .toSorted((a, b) => unknownMembers(a) - unknownMembers(b))[0];
  if (fitting !== undefined) return fitting.flatMap((inner) => problemsOf(inner, path, tree));
  if (value === undefined || value === null) return [absent(path, value, issue)];
  return [
    mismatch(
      path,
      value,
      issue.errors.flatMap((branch) => branch.filter(isKindIssue).map(expectation)),
    ),
  ];
}

/** Members of the value that an alternative does not know. */
function unknownMembers(branch: readonly Issue[]): number {
  const own = branch.filter(({ path }) => path.length === 0);
  return own.reduce((count, issue) => count + (issue.code === 'unrecognized_keys' ? issue.keys.length : 0), 0);
}

function discriminatorProblem(
  issue: z.core.$ZodIssueInvalidUnion,
  path: TreePath,
  value: unknown,
): readonly TreeProblem[] {
  const known = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
  if (typeof value === 'string') return [wrongChoice(path, value, known)];
  return [{ path, message: `${pathText(path)} is missing or not text`, hint: `known: ${known.join(', ')}` }];
}

/** Whether an issue is about the type of the whole value. */
function isKindIssue(issue: Issue): issue is z.core.$ZodIssueInvalidType | z.core.$ZodIssueInvalidValue {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function expectation(issue: z.core.$ZodIssueInvalidType | z.core.$ZodIssueInvalidValue): string {
  if (issue.code === 'invalid_type') return KINDS[issue.expected] ?? issue.expected;
  return issue.values.map((value) => JSON.stringify(value)).join(' or ');
}

function absent(path: TreePath, value: undefined | null, issue: Issue): TreeProblem {
  if (value === null)
    return { path, message: `${pathText(path)} has no value`, hint: 'give it one, or remove the line' };
  const message = `${pathText(path)} is missing`;
  return issue.code === 'invalid_value'
    ? { path, message, hint: `known: ${issue.values.join(', ')}` }
    : { path, message };
}

function mismatch(path: TreePath, value: unknown, expected: readonly string[]): TreeProblem {
  const got = kindOf(value, expected);
  const wanted = [...new Set(expected)].join(' or ');
  const hint = mismatchHint(value, wanted);
  const message = `${pathText(path) || 'the configuration'} must be ${wanted}${wanted.includes(got) ? '' : `, not ${got}`}`;
  return defined({ path, message, hint });
}

function mismatchHint(value: unknown, wanted: string): string | undefined {
  if (wanted === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return 'put it in quotes';
  if (wanted === 'a list' && isRecord(value)) return 'begin each entry with "- "';
  if (wanted === 'true or false' && typeof value === 'string') return booleanHint(value);
  if (typeof value !== 'string' || !wanted.includes('number')) return undefined;
  return value.includes('${') ? 'a reference always gives text, not a number' : 'remove quotes and units';
}

/** `yes` and `on` are text in YAML 1.2, and so is anything in quotes. */
function booleanHint(value: string): string | undefined {
  if (/^(?:yes|on|true)$/i.test(value)) return 'write true, without quotes';
  return /^(?:no|off|false)$/i.test(value) ? 'write false, without quotes' : undefined;
}

function kindOf(value: unknown, expected: readonly string[]): string {
  if (Array.isArray(value)) return 'a list';
  if (isRecord(value)) return 'a mapping';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'number') return expected.includes('a whole number') ? 'one with a fraction' : 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'text';
}

function wrongChoice(path: TreePath, value: string, known: readonly string[]): TreeProblem {
  const quotable = value.length <= MAX_QUOTED && !holdsKey(value);
  const message = quotable ? `${pathText(path)} ${quote(value)} is unknown` : `${pathText(path)} is unknown`;
  return { path, message, hint: suggest(value, known) };
}

function boundary(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const counted = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  if (issue.code === 'too_big') return `${counted === '' ? 'must be' : 'must have'} at most ${issue.maximum}${counted}`;
  if (counted !== '') return issue.minimum === 1 ? 'must not be empty' : `must have ${issue.minimum}${counted}`;
  return issue.inclusive ? `must be at least ${issue.minimum}` : `must be above ${issue.minimum}`;
}

/** A message of the schema may contain a hint after ` · `. */
function split(text: string): { readonly message: string; readonly hint?: string } {
  const [message = '', hint] = text.split(' · ', 2);
  return defined({ message, hint });
}
