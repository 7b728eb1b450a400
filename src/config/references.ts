/** `${NAME}` references to the environment: how secrets reach a configuration without standing in it. */

import { isRecord } from '../text/is-record.ts';
import type { TreePath, TreeProblem } from './tree-problem.ts';

/** What `auth.env` and a reference may name (POSIX, "Environment Variable Definition"). */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `$${` is the text `${`; everything else that starts with `${` must be a reference. */
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** A name this long with small letters and digits but without an underscore is a pasted key, not a variable's name. */
const PASTED_KEY_LENGTH = 20;

/** True for text that cannot be or is unlikely to be a variable's name; such text is never shown. */
export function looksLikeKey(name: string): boolean {
  if (!VARIABLE_NAME.test(name)) return true;
  return name.length >= PASTED_KEY_LENGTH && !name.includes('_') && /\d/.test(name) && /[a-z]/.test(name);
}

/** What stands in a text besides references, e.g. `Bearer ` of `Bearer ${TOKEN}`. */
export function withoutReferences(text: string): string {
  return text.replace(REFERENCE, (whole, name?: string) => (whole === '$${' || name === undefined ? whole : ''));
}

/** A tree with its references filled in, and what could not be. */
export interface ResolvedTree {
  readonly tree: unknown;
  /** A `${` that starts no reference. */
  readonly malformed: readonly TreeProblem[];
  /** References to variables that are not set or empty; the text there is as written. */
  readonly missing: readonly TreeProblem[];
  /** A message with the values that came from the environment turned back into their references. */
  hide(message: string): string;
}

/** Shorter values are no secrets, and would be found inside of words. */
const MIN_HIDDEN_LENGTH = 4;

/** Fills in every reference of every text in the tree; names of members are left alone. */
export function resolveReferences(tree: unknown, env: Readonly<Record<string, string>>): ResolvedTree {
  const malformed: TreeProblem[] = [];
  const missing: TreeProblem[] = [];
  const used = new Set<string>();
  const walk = (value: unknown, path: TreePath): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member, [...path, name])]));
    if (typeof value !== 'string') return value;
    const filled = substitute(value, env);
    for (const name of filled.used) used.add(name);
    if (filled.malformed) malformed.push({ path, ...MALFORMED });
    missing.push(
      ...filled.missing.map((name) => ({
        path,
        message: `environment variable ${name} is ${Object.hasOwn(env, name) ? 'empty' : 'not set'}`,
        hint: 'export it, or put it into .env beside this file',
      })),
    );
    return filled.malformed || filled.missing.length > 0 ? value : filled.text;
  };
  const hide = (message: string): string =>
    [...used]
      .map((name) => ({ reference: `\${${name}}`, value: env[name] ?? '' }))
      .filter(({ value }) => value.length >= MIN_HIDDEN_LENGTH)
      .sort((a, b) => b.value.length - a.value.length)
      .reduce((text, { reference, value }) => text.replaceAll(value, () => reference), message);
  return { tree: walk(tree, []), malformed, missing, hide };
}

const MALFORMED = {
  message: 'this `${` starts no reference to an environment variable',
  hint: `write \`\${NAME}\` with the name of a variable, or \`$\${\` for the text \`\${\``,
};

/** A text with its references filled in, as far as they can be. */
export interface FilledText {
  readonly text: string;
  /** Names of variables whose values now stand in it. */
  readonly used: readonly string[];
  /** Names of variables that are not set or empty: in continuous integration a secret that is withheld reads as empty. */
  readonly missing: readonly string[];
  readonly malformed: boolean;
}

/** Fills in one text. A value from the environment is taken as it is: a `${` in it stays. */
export function substitute(text: string, env: Readonly<Record<string, string>>): FilledText {
  const used: string[] = [];
  const missing: string[] = [];
  let malformed = false;
  const filled = text.replace(REFERENCE, (whole, name: string | undefined, close: string | undefined) => {
    if (name === undefined) return '${';
    if (close === '' || looksLikeKey(name)) {
      malformed = true;
      return whole;
    }
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined && value !== '') {
      used.push(name);
      return value;
    }
    missing.push(name);
    return whole;
  });
  return { text: filled, used, missing: [...new Set(missing)], malformed };
}
