/** Finds whether a free answer says yes or no; null rather than a guess. */

import { normalizeAnswer } from '../vqa/normalize-answer.ts';

export type YesNo = 'yes' | 'no';

const WORDS: Readonly<Record<string, YesNo>> = {
  ...{ yes: 'yes', yeah: 'yes', yep: 'yes', true: 'yes', correct: 'yes' },
  ...{ no: 'no', nope: 'no', false: 'no', incorrect: 'no' },
};

const WORD = /(?<![\p{L}\p{N}])(?:yes|yeah|yep|true|correct|no|nope|false|incorrect)(?![\p{L}\p{N}])/giu;
const MARKER =
  /(?<!\p{L})(?:answer|verdict|conclusion)(?:\s+is|\s*[:=])+\s*["'([]*(yes|no|true|false)(?![\p{L}\p{N}])/giu;
const NEGATED = /(?:\bnot|n['’]t)\s+(?:a\s+|an\s+)?["'(]*$/iu;
/** `no` that says nothing about the question. */
const IDIOM = /^no\s+(?:doubt|idea|problem|matter|way to (?:tell|know))(?!\p{L})/iu;

/**
 * What follows the last "answer is" or "Answer:"; else the first word; else yes or no if the answer contains only one of them. A word after "not" does not count.
 */
export function parseYesNo(answer: string): YesNo | null {
  const text = answer.replace(/[*_`]/gu, '').trim();
  const marked = [...text.matchAll(MARKER)].at(-1)?.[1];
  if (marked !== undefined) return WORDS[marked.toLowerCase()] ?? null;
  const said = [...text.matchAll(WORD)].filter(({ index }) => !isAside(text, index));
  const [first] = said;
  if (first === undefined) return null;
  const word = WORDS[first[0].toLowerCase()] ?? null;
  if (/^[^\p{L}\p{N}]*$/u.test(text.slice(0, first.index))) return word;
  return said.every(([other]) => WORDS[other.toLowerCase()] === word) ? word : null;
}

function isAside(text: string, index: number): boolean {
  return NEGATED.test(text.slice(Math.max(0, index - 12), index)) || IDIOM.test(text.slice(index, index + 24));
}

/** VLMEvalKit `YOrN_Extraction`. */
export function vlmEvalKitYesNo(answer: string): YesNo | null {
  const words = new Set(normalizeAnswer(answer.toLowerCase(), 'vlmevalkit').split(' '));
  // The number words that normalising replaces are none of both.
  if (words.has('yes') === words.has('no')) return null;
  return words.has('yes') ? 'yes' : 'no';
}

/** MME: the answer itself, else the word among its first four characters. */
export function mmeYesNo(answer: string): YesNo | null {
  const text = answer.trim().toLowerCase();
  if (text === 'yes' || text === 'no') return text;
  const start = text.slice(0, 4);
  if (start.includes('yes')) return 'yes';
  return start.includes('no') ? 'no' : null;
}
