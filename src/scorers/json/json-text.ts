/** Finds the JSON value of an answer, and members of it by path. */

import { isRecord } from '../../text/is-record.ts';

/** A code block that is the whole answer, or the only one in it. */
const FENCE = /```(?:json|jsonc|JSON)?[ \t]*\r?\n([\s\S]*?)\r?\n?```/u;

/** The answer as JSON, or its one code block, or the object or list it holds; undefined when there is none. */
export function findJson(text: string): unknown {
  const whole = parseJson(text);
  if (whole !== undefined) return whole;
  const fenced = FENCE.exec(text)?.[1];
  if (fenced !== undefined) return parseJson(fenced);
  const start = text.search(/[{[]/u);
  if (start === -1) return undefined;
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  return end > start ? parseJson(text.slice(start, end + 1)) : undefined;
}

/** undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A member by path: `$.lines[0].price`, `lines.0.price`; undefined when it is not there. */
export function memberAt(value: unknown, path: string): unknown {
  let member = value;
  for (const key of keysOf(path)) {
    if (Array.isArray(member)) member = member[Number(key)];
    else if (isRecord(member) && Object.hasOwn(member, key)) member = member[key];
    else return undefined;
  }
  return member;
}

function keysOf(path: string): readonly string[] {
  return path
    .replace(/^\$/u, '')
    .replace(/\[(?:'([^']*)'|"([^"]*)"|(\d+))\]/gu, '.$1$2$3')
    .split('.')
    .filter((key) => key !== '');
}

/** A value as the text that scorers of text compare. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Deeper values would exhaust the stack of whoever walks through them. */
const MAX_DEPTH = 500;

/** Whether brackets are nested too deeply; those in texts count as well, which hurts nobody at this depth. */
export function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
