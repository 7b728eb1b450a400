/** Assertions of promptfoo as scorers; those without a counterpart are named. */

import { defined } from '../../../collections/defined.ts';
import { isRecord } from '../../../text/is-record.ts';
import { quote } from '../../../text/quote.ts';
import type { Members } from '../foreign-format.ts';

/** One check of an answer. */
export interface Assertion {
  readonly type: string;
  readonly value?: unknown;
  readonly weight?: unknown;
  /** Name of its result. */
  readonly metric?: unknown;
}

/** What becomes of the assertions of a test. */
export interface Mapped {
  readonly scorers: readonly Members[];
  /** What must be equal to the answer. */
  readonly targets: readonly string[];
  /** Assertions without a counterpart. */
  readonly notes: readonly { readonly note: string; readonly hint: string }[];
}

const TYPE = /^((?:not-)?[a-z][a-z0-9-]*)(?:\(\d+(?:\.\d+)?\))?(?::([\s\S]*))?$/u;
const LISTS = ['contains-any', 'contains-all', 'icontains-any', 'icontains-all'];

/** A cell of `__expected`: `type: value`, `type(threshold): value`, or a text that the answer equals. */
export function assertionOf(cell: string): Assertion {
  const text = cell.trim();
  if (/^(?:fn|eval):/u.test(text)) return { type: 'javascript' };
  if (text.startsWith('grade:')) return { type: 'llm-rubric', value: text.slice('grade:'.length) };
  if (/^file:\/\/.*\.(?:py|js|ts|mjs|cjs)\b/u.test(text))
    return { type: text.includes('.py') ? 'python' : 'javascript' };
  const [, type = '', value] = TYPE.exec(text) ?? [];
  if (!isKnown(type)) return { type: 'equals', value: text };
  const trimmed = value?.trim();
  return { type, value: LISTS.includes(type) ? trimmed?.split(',').map((item) => item.trim()) : trimmed };
}

const isKnown = (type: string) => {
  const base = type.replace(/^not-/u, '');
  return base in SCORERS || base in HINTS;
};

/** Assertions in the order of the test; several of a name get a number. */
export function mapAssertions(assertions: readonly Assertion[]): Mapped {
  const scorers: Members[] = [];
  const targets: string[] = [];
  const notes: { note: string; hint: string }[] = [];
  const names = new Map<string, number>();
  for (const { type, value, weight, metric } of assertions) {
    const scorer = SCORERS[type]?.(value);
    if (scorer === undefined) {
      notes.push({ note: `assertion ${quote(type)} has no counterpart`, hint: hintOf(type) });
      continue;
    }
    const name =
      typeof metric === 'string' ? metric.replace(/[^\p{L}\p{N}._+-]+/gu, '-').replace(/^[-._+]+/u, '') : type;
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    const as = count === 1 ? name : `${name}-${count}`;
    scorers.push(
      defined({ ...scorer, as: as === '' ? type : as, weight: typeof weight === 'number' ? weight : undefined }),
    );
    if (type === 'equals' && typeof scorer['target'] === 'string') targets.push(scorer['target']);
  }
  return { scorers, targets, notes };
}

type MakeScorer = (value: unknown) => Members | undefined;

const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** promptfoo compares characters, also inside of words. */
const includes =
  (name: 'includes' | 'contains-any' | 'contains-all', normalizer: 'none' | 'basic'): MakeScorer =>
  (value) => {
    const terms = [value]
      .flat()
      .map(textOf)
      .filter((term) => term !== undefined && term !== '');
    if (terms.length === 0) return undefined;
    const wanted = name === 'includes' ? { target: terms[0] } : { terms };
    return terms.length > 1 && name === 'includes' ? undefined : { name, ...wanted, normalizer, wholeWords: false };
  };

const json =
  (strict: boolean): MakeScorer =>
  (value) => {
    if (value === undefined || value === '') return { name: 'json', check: 'valid', strict };
    const schema = typeof value === 'string' ? parsed(value) : value;
    return isRecord(schema) ? { name: 'json', check: 'valid', strict, schema } : undefined;
  };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const equals: MakeScorer = (value) => {
  if (isRecord(value) || Array.isArray(value)) return { name: 'json', target: JSON.stringify(value) };
  const text = textOf(value);
  return text === undefined || text.startsWith('file://')
    ? undefined
    : { name: 'exact', target: text, normalizer: 'none' };
};

const regex: MakeScorer = (value) =>
  typeof value === 'string' && value !== '' ? { name: 'regex', pattern: value } : undefined;

const startsWith: MakeScorer = (value) => {
  const text = textOf(value);
  return text === undefined
    ? undefined
    : { name: 'regex', pattern: `^${text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')}` };
};

const SCORERS: Readonly<Record<string, MakeScorer>> = {
  equals,
  contains: includes('includes', 'none'),
  icontains: includes('includes', 'basic'),
  'contains-any': includes('contains-any', 'none'),
  'icontains-any': includes('contains-any', 'basic'),
  'contains-all': includes('contains-all', 'none'),
  'icontains-all': includes('contains-all', 'basic'),
  regex,
  'starts-with': startsWith,
  'is-json': json(true),
  'contains-json': json(false),
};

const JUDGE = 'the scorer judge grades answers by a rubric';
const CODE = 'a file can be a scorer, see docs/scorers.md';

/** What to use instead. */
const HINTS: Readonly<Record<string, string>> = {
  'llm-rubric': JUDGE,
  'g-eval': JUDGE,
  factuality: JUDGE,
  'model-graded-closedqa': JUDGE,
  'model-graded-factuality': JUDGE,
  'answer-relevance': JUDGE,
  'context-faithfulness': JUDGE,
  'context-recall': JUDGE,
  'context-relevance': JUDGE,
  'select-best': JUDGE,
  javascript: CODE,
  python: CODE,
  ruby: CODE,
  webhook: CODE,
  cost: 'every run has its cost, and gates can limit it',
  latency: 'every run has its latency, and gates can limit it',
  levenshtein: 'the scorer levenshtein has the ratio, with threshold: ">=0.8"',
  'rouge-n': 'the scorer rouge-l compares longest common sequences',
  similar: 'the scorers f1, chrf and rouge-l compare texts without another model',
  ...Object.fromEntries(
    ['perplexity', 'perplexity-score', 'classifier', 'moderation', 'guardrails', 'is-refusal', 'word-count'].map(
      (type) => [type, 'it is left out'],
    ),
  ),
  ...Object.fromEntries(
    ['is-xml', 'contains-xml', 'is-sql', 'contains-sql', 'is-html', 'contains-html', 'finish-reason', 'assert-set'].map(
      (type) => [type, 'it is left out'],
    ),
  ),
};

const hintOf = (type: string) => {
  if (type.startsWith('not-')) return 'no scorer negates another; a regex can exclude characters';
  if (type in SCORERS) return 'its value is none that a scorer takes';
  return HINTS[type] ?? 'it is left out';
};
