/** Regular expressions from users, in linear time (RE2); the engine is loaded when the first one is used. */

import { createRequire } from 'node:module';
import type { RE2JS as Engine, Matcher } from 're2js';

const require = createRequire(import.meta.url);

/** A compiled pattern. */
export interface UserRegex {
  /** The text of the group (or the first one, or the whole match) of the last match; null when nothing matches. */
  last(text: string, group?: string | number): string | null;
  matches(text: string): boolean;
}

/** @throws {Error} naming what is wrong with the pattern, or the group that it lacks. */
export function compileRegex(
  pattern: string,
  { ignoreCase = false, group }: { ignoreCase?: boolean; group?: string | number | undefined } = {},
): UserRegex {
  const { RE2JS }: { RE2JS: typeof Engine } = require('re2js');
  const compiled = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  const groups = compiled.groupCount();
  if (typeof group === 'number' && group > groups) throw new Error(`it has ${groups} groups, not ${group}`);
  if (typeof group === 'string' && !Object.hasOwn(compiled.namedGroups(), group))
    throw new Error(`it has no group "${group}"`);
  const chosen = group ?? (groups > 0 ? 1 : 0);
  return {
    matches: (text) => compiled.matcher(text).find(),
    last(text) {
      const matcher: Matcher = compiled.matcher(text);
      let found: string | null = null;
      while (matcher.find()) found = matcher.group(chosen) ?? found;
      return found;
    },
  };
}

/** Why a pattern cannot be used; undefined when it can. */
export function regexProblem(
  pattern: string,
  options: { ignoreCase?: boolean; group?: string | number | undefined },
): string | undefined {
  try {
    compileRegex(pattern, options);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
