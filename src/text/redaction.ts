/** Hides secrets in texts and in parsed JSON. */

import type { Redaction, Secret } from '../io.ts';
import { disguisesOf } from './disguises.ts';
import { unescapeOnce } from './unescape.ts';

/** Real replies nest up to ten levels; deeper ones would exhaust the stack. */
const MAX_DEPTH = 200;

/** A secret that was escaped more often is not found. */
const MAX_ESCAPES = 6;

/** A long text of these characters alone is a sound or an image, where short values occur by coincidence. */
const MEDIA = /^[\w+/=-]+$/;
const MIN_MEDIA_CHARACTERS = 1024;
const MIN_CHARACTERS_IN_MEDIA = 8;

/** Compiles a redaction for secrets that are not empty. */
export function createRedaction(secrets: readonly Secret[]): Redaction {
  // Longest first, because one may begin with another.
  const sorted = [...secrets].sort((a, b) => b.value.length - a.value.length);
  const hideAll = hiderOf(sorted);
  const hideLong = hiderOf(sorted.filter(({ value }) => value.length >= MIN_CHARACTERS_IN_MEDIA));
  const hide = (text: string) =>
    text.length >= MIN_MEDIA_CHARACTERS && MEDIA.test(text) ? hideLong(text) : hideAll(text);
  return { secrets: () => sorted, hide, hideIn: (value) => (sorted.length === 0 ? value : hideIn(value, hide, 0)) };
}

/** Hides the secrets of a list, longest first. A text that holds an escaped one is returned without its escapes. */
function hiderOf(secrets: readonly Secret[]): (text: string) => string {
  if (secrets.length === 0) return (text) => text;
  const each = secrets.map(({ value, shown }) => ({ value, shown, pattern: new RegExp(disguisesOf(value), 'g') }));
  // One pattern for all of them: nearly every text holds none.
  const any = new RegExp(each.map(({ pattern }) => pattern.source).join('|'));
  const replace = (text: string) =>
    each.reduce(
      (result, { value, shown, pattern }) => result.replaceAll(value, () => shown).replace(pattern, () => shown),
      text,
    );
  return (text) => {
    let result = any.test(text) ? replace(text) : text;
    let plain = result;
    for (let level = 0; level < MAX_ESCAPES; level += 1) {
      const next = unescapeOnce(plain);
      if (next === plain) break;
      plain = next;
      if (any.test(plain)) {
        plain = replace(plain);
        result = plain;
      }
    }
    return result;
  };
}

function hideIn(value: unknown, hide: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return hide(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return null;
  return Array.isArray(value) ? hideInList(value, hide, depth) : hideInObject(value, hide, depth);
}

function hideInList(items: readonly unknown[], hide: (text: string) => string, depth: number): readonly unknown[] {
  const hidden = items.map((item) => hideIn(item, hide, depth + 1));
  return hidden.every((item, index) => item === items[index]) ? items : hidden;
}

/** Copies only what changes: ordinary answers keep their objects. */
function hideInObject(object: object, hide: (text: string) => string, depth: number): object {
  let isSame = true;
  const members = Object.entries(object).map(([name, member]) => {
    const hidden = [hide(name), hideIn(member, hide, depth + 1)] as const;
    isSame &&= hidden[0] === name && hidden[1] === member;
    return hidden;
  });
  return isSame ? object : Object.fromEntries(members);
}
