/** Finds where and why text is not JSON: the messages of engines differ and often have no position. */

import { quote } from './quote.ts';

/** A syntax error. `column` is 1-based, in UTF-16 units of the text. */
export interface JsonDefect {
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

type Expected = 'value' | 'value or ]' | 'name or }' | 'name' | 'colon' | 'comma or end' | 'end';

const WORDS: Readonly<Record<Expected, string>> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  'name or }': 'a name in double quotes or "}"',
  name: 'a name in double quotes',
  colon: '":"',
  'comma or end': '"," or the closing bracket',
  end: 'nothing more',
};

const SPACE = /[ \t\n\r]*/y;
const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
const WORD = /[\w.+-]+/y;

/** Finds the first position where a text that `JSON.parse` rejects violates the grammar of RFC 8259. Never throws or recurses. */
export function explainJson(text: string): JsonDefect {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = skip(SPACE, text, 0);
  while (at < text.length) {
    const end = tokenEnd(text, at);
    const next: Expected | undefined = end === undefined ? undefined : step(text[at] ?? '', expected, open);
    if (end === undefined || next === undefined) return unexpected(text, at, expected);
    expected = next;
    at = skip(SPACE, text, end);
  }
  return { column: text.length + 1, message: `is not JSON: it ends where ${WORDS[expected]} is expected` };
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Where the token that starts at `at` ends; undefined when no token starts there. */
function tokenEnd(text: string, at: number): number | undefined {
  const first = text[at] ?? '';
  if ('{}[],:'.includes(first)) return at + 1;
  if (first === '"') return stringEnd(text, at);
  const end = skip(LITERAL, text, at);
  return end === at ? undefined : end;
}

function stringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return undefined;
    if (code !== 0x5c) continue;
    const end = skip(ESCAPE, text, at + 1);
    if (end === at + 1) return undefined;
    at = end - 1;
  }
  return undefined;
}

/** What may follow a token, or undefined when the token is not allowed. */
function step(first: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const wantsValue = expected === 'value' || expected === 'value or ]';
  const wantsName = expected === 'name' || expected === 'name or }';
  if (first === '{' || first === '[') {
    if (!wantsValue) return undefined;
    open.push(first);
    return first === '{' ? 'name or }' : 'value or ]';
  }
  if (first === '}' || first === ']') {
    const isEmpty = expected === (first === '}' ? 'name or }' : 'value or ]');
    if (open.at(-1) !== (first === '}' ? '{' : '[') || !(isEmpty || expected === 'comma or end')) return undefined;
    open.pop();
    return afterValue(open);
  }
  if (first === ',') return expected !== 'comma or end' ? undefined : open.at(-1) === '{' ? 'name' : 'value';
  if (first === ':') return expected === 'colon' ? 'value' : undefined;
  if (first === '"' && wantsName) return 'colon';
  return wantsValue ? afterValue(open) : undefined;
}

const afterValue = (open: readonly string[]): Expected => (open.length === 0 ? 'end' : 'comma or end');

function unexpected(text: string, at: number, expected: Expected): JsonDefect {
  const first = text[at] ?? '';
  const column = at + 1;
  if (first === '"' && stringEnd(text, at) === undefined)
    return { column, message: 'is not JSON: the text that starts here is not closed, or has an invalid escape' };
  const word = text.slice(at, Math.max(skip(WORD, text, at), at + 1)).slice(0, 20);
  const message = `is not JSON: ${WORDS[expected]} is expected, not ${quote(word)}`;
  const hint = hintFor(word, expected);
  return hint === undefined ? { column, message } : { column, message, hint };
}

function hintFor(word: string, expected: Expected): string | undefined {
  if (word.startsWith("'")) return 'put text in double quotes';
  if (word === 'None' || word === 'True' || word === 'False') return 'write null, true or false';
  if (word === 'NaN' || word.endsWith('Infinity')) return 'JSON has no such number: remove it';
  if (word === '}' && expected === 'name') return 'remove the comma before it';
  if (word === ']' && expected === 'value') return 'remove the comma before it';
  if (/^[\u201c-\u201f\u2018\u2019]/.test(word)) return 'write straight quotes: "';
  if (expected === 'value' && (word === '/' || word === '#')) return 'JSON has no comments: remove it';
  if (expected === 'end' && word === ',') return 'remove the comma at the end of the line';
  if (expected === 'end') return 'write one object on each line';
  return undefined;
}
