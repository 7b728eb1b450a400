/** Finds which option a free answer chooses; null rather than a guess. */

import { NORMALIZERS } from '../normalize/normalizers.ts';
import { readNumbers } from '../numbers/read-numbers.ts';

/** For answers whose options are not known: ten, as in MMLU-Pro. */
export const DEFAULT_LABELS: readonly string[] = [...'ABCDEFGHIJ'];

/** The options of a question. */
export interface Choices {
  readonly labels: readonly string[];
  /** What each label stands for, in the same order; empty = not known. */
  readonly texts: readonly string[];
}

/**
 * In this order: the answer is a label or an option's text; a label after the last "answer is", "Answer:" and the like;
 * the last label in brackets or at the start of a line; the last capital letter that stands alone and is no article or
 * pronoun; the only option whose text the answer mentions.
 */
export function parseChoice(answer: string, { labels, texts }: Choices): string | null {
  const text = plain(answer);
  const whole = wholeLabel(text, labels) ?? wholeText(text, labels, texts);
  if (whole !== null) return whole;
  const marked = markedLabel(text, labels);
  if (marked !== undefined) return marked;
  return bracketedLabel(text, labels) ?? bareLabel(text, labels) ?? mentionedText(text, labels, texts);
}

/** Without Markdown emphasis and LaTeX boxes, which would stand between a label and its neighbours. */
function plain(answer: string): string {
  return answer
    .normalize('NFKC')
    .replace(/\\(?:boxed|text(?:bf|it|rm)?|math(?:bf|it|rm))\s?\{([^{}]{0,200})\}/gu, ' $1 ')
    .replace(/\\(?:boxed|text(?:bf|it|rm)?|math(?:bf|it|rm))\s?\{([^{}]{0,200})\}/gu, ' $1 ')
    .replace(/[*`$]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .trim();
}

function alternatives(labels: readonly string[]): string {
  return labels
    .map((label) => label.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&'))
    .sort((a, b) => b.length - a.length)
    .join('|');
}

function known(found: string | undefined, labels: readonly string[]): string | null {
  if (found === undefined) return null;
  return (
    labels.find((label) => label === found) ??
    labels.find((label) => label.toLowerCase() === found.toLowerCase()) ??
    null
  );
}

function wholeLabel(text: string, labels: readonly string[]): string | null {
  const pattern = new RegExp(
    `^(?:(?:option|choice|answer)\\s*:?\\s*)?[("'[]?(${alternatives(labels)})[)"'\\].:,!]*$`,
    'iu',
  );
  return known(pattern.exec(text)?.[1], labels);
}

function wholeText(text: string, labels: readonly string[], texts: readonly string[]): string | null {
  const bare = NORMALIZERS.basic(text);
  const at = texts.findIndex((option) => NORMALIZERS.basic(option) === bare);
  return labels[at] ?? null;
}

const MARKER =
  "(?:(?:final|correct|right|best|my)\\s+(?:answer|option|choice)|answer|i(?:'d| would| will|'ll)?\\s+(?:choose|pick|select|go with))";

/** undefined = no marker has a label; null = it has two (`Answer: A or B`). */
function markedLabel(text: string, labels: readonly string[]): string | null | undefined {
  const label = `[("'[]?(?<label>${alternatives(labels)})[)"'\\]]?`;
  const pattern = new RegExp(
    `(?<![\\p{L}])${MARKER}(?:\\s+is|\\s*:|\\s*=|\\s+would be|\\s+should be)*\\s*(?:(?:the\\s+)?(?:option|choice|letter)\\s*:?\\s*)?` +
      `${label}(?![\\p{L}\\p{N}'’])(?<or>\\s*(?:or|and|,|/|&)\\s*[("'[]?(?:${alternatives(labels)})(?![\\p{L}\\p{N}]))?`,
    'giu',
  );
  const last = [...text.matchAll(pattern)].filter(({ groups }) => isLabelCase(groups?.['label'], labels)).at(-1);
  if (last === undefined || isArticle(text, last)) return undefined;
  return last.groups?.['or'] === undefined ? known(last.groups?.['label'], labels) : null;
}

/** A lower-case `a` after a marker is an article: "my answer is a dog". */
function isLabelCase(label: string | undefined, labels: readonly string[]): boolean {
  return label !== undefined && (labels.includes(label) || label.toLowerCase() !== 'a');
}

/** `The answer is A dog` is no choice of A, unless nothing or a bracket follows. */
function isArticle(text: string, match: RegExpExecArray): boolean {
  const label = match.groups?.['label'] ?? '';
  return (
    /^[aAI]$/u.test(label) &&
    match[0].endsWith(label) &&
    /^\s+\p{Ll}/u.test(text.slice(match.index + match[0].length)) &&
    !/^\s+(?:because|since|as|for|and|but|so|which)(?!\p{L})/u.test(text.slice(match.index + match[0].length))
  );
}

const NEGATED =
  /(?:\bnot|n['’]t(?: be)?|rather than|instead of|except|unlike)\s+(?:option|choice|answer)?\s*[("'[]?$/iu;

function lastOf(text: string, pattern: RegExp, labels: readonly string[]): string | null {
  let last: string | null = null;
  for (const match of text.matchAll(pattern)) {
    const label = match.groups?.['label'];
    const at = match.index + match[0].indexOf(label ?? '');
    if (NEGATED.test(text.slice(Math.max(0, at - 30), at))) continue;
    last = known(label, labels) ?? last;
  }
  return last;
}

/** `(B)`, `B)` at the start of a line, `option B`. */
function bracketedLabel(text: string, labels: readonly string[]): string | null {
  const [label, end] = [`(?<label>${alternatives(labels)})`, '(?![\\p{L}\\p{N}])'];
  const bracketed = lastOf(text, new RegExp(`(?<![\\p{L}\\p{N}])[([]${label}[)\\]]`, 'gu'), labels);
  return (
    bracketed ??
    lastOf(
      text,
      new RegExp(
        `(?:(?:^|(?<=\\n))|(?<=[Oo]ption |[Cc]hoice |[Ll]etter ))${label}(?:[).:](?=\\s|$)|(?<=(?:[Oo]ption|[Cc]hoice|[Ll]etter) .{1,3})${end})`,
        'gu',
      ),
      labels,
    )
  );
}

/** `A` does not count where a word follows that it would be the article of, and `I`, the pronoun, never. */
function bareLabel(text: string, labels: readonly string[]): string | null {
  const start = "(?<![\\p{L}\\p{N}'’])";
  const label = `(?!A\\s+[\\p{L}\\p{N}]|I(?![\\p{L}\\p{N}]))(?<label>${alternatives(labels)})(?![\\p{L}\\p{N}'’])`;
  return lastOf(text, new RegExp(start + label, 'gu'), labels);
}

function mentionedText(text: string, labels: readonly string[], texts: readonly string[]): string | null {
  const byNumber = numberedText(text, labels, texts);
  if (byNumber !== undefined) return byNumber;
  const lower = NORMALIZERS.basic(text);
  const mentioned = texts
    .map((option) => NORMALIZERS.basic(option))
    .filter((option) => option !== '' && hasWords(lower, option));
  // An option that is part of another one (`fox`, `red fox`) is not mentioned by itself.
  const longest = mentioned.filter((option) => !mentioned.some((other) => other !== option && other.includes(option)));
  const [only] = longest;
  if (longest.length !== 1 || only === undefined) return null;
  return labels[texts.findIndex((option) => NORMALIZERS.basic(option) === only)] ?? null;
}

/** Where every option is one number, the last number of the answer chooses. */
function numberedText(text: string, labels: readonly string[], texts: readonly string[]): string | null | undefined {
  const values = texts.map((option) => readNumbers(option));
  if (texts.length === 0 || values.some((numbers) => numbers.length !== 1)) return undefined;
  const given = readNumbers(text).at(-1);
  const at = values.findIndex(
    ([number]) => given !== undefined && number?.value === given.value && number.per === given.per,
  );
  return labels[at] ?? null;
}

function hasWords(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const after = text.slice(at + words.length, at + words.length + 2);
    if (!/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, at - 2), at)) && !/^[\p{L}\p{N}]/u.test(after)) return true;
  }
  return false;
}
