/** Resolves `${NAME}` references to the environment, which keep secrets out of a configuration. */

import type { Redaction } from '../io.ts';
import { isRecord } from '../text/is-record.ts';
import { filledIn } from './filled-in.ts';
import type { TreePath, TreeProblem } from './tree-problem.ts';

/** Names that `auth.env` and a reference may have (POSIX, "Environment Variable Definition"). */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `$${` is the text `${`; any other `${` must start a reference. */
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;

/** A name of this length with lower-case letters and digits but no underscore is a pasted key, not a variable. */
const PASTED_KEY_LENGTH = 20;

/** True for text that is probably not the name of a variable; such text is never shown. */
export function looksLikeKey(name: string): boolean {
  if (!VARIABLE_NAME.test(name)) return true;
  return name.length >= PASTED_KEY_LENGTH && !name.includes('_') && /\d/.test(name) && /[a-z]/.test(name);
}

/** A text without its references, e.g. `Bearer ` of `Bearer ${TOKEN}`. */
export function withoutReferences(text: string): string {
  return text.replace(REFERENCE, (whole, name?: string) => (whole === '$${' || name === undefined ? whole : ''));
}

/** A tree with its references replaced by values, and the references that have none. */
export interface ResolvedTree {
  readonly tree: unknown;
  /** Each `${` that does not start a reference. */
  readonly malformed: readonly TreeProblem[];
  /** References to variables that are empty or not set; their text stays as written. */
  readonly missing: readonly TreeProblem[];
  /** Replaces values from the environment by their references; absent = there are none. */
  readonly filledIn: Redaction | undefined;
}

/** Resolves all references in the texts of a tree, but not in the names of members. */
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
    for (const name of filled.missing)
      missing.push({
        path,
        message: `environment variable ${name} is ${Object.hasOwn(env, name) ? 'empty' : 'not set'}`,
        hint: 'export it, or put it into .env beside this file',
      });
    return filled.malformed || filled.missing.length > 0 ? value : filled.text;
  };
  return { tree: walk(tree, []), malformed, missing, filledIn: filledIn(used, env) };
}

const MALFORMED = {
  message: 'this `${` does not start a reference to an environment variable',
  hint: `write \`\${NAME}\` with the name of a variable, or \`$\${\` for the text \`\${\``,
};

/** A text with its references replaced where they have a value. */
export interface Substitution {
  readonly text: string;
  /** Names of the variables whose values were inserted. */
  readonly used: readonly string[];
  /** Names of variables that are empty or not set: continuous integration leaves withheld secrets empty. */
  readonly missing: readonly string[];
  readonly malformed: boolean;
}

/** Resolves the references of one text once: a `${` inside of a value is plain text. */
export function substitute(text: string, env: Readonly<Record<string, string>>): Substitution {
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
