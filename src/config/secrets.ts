/** Refuses keys that stand in a configuration: it is committed, and a run's folder keeps it as written. */

import { isSecretHeader } from '../providers/secrets.ts';
import { looksLikeKey, withoutReferences } from './references.ts';
import { membersOf, pathText, type TreePath, type TreeProblem } from './tree-problem.ts';

/** Names (lower case, letters and digits only) whose value is a secret wherever they stand. */
const SECRET_NAME =
  /^(?:.*(?:api|access|account|auth|private|subscription|shared)key|.*(?:pass(?:word|wd|phrase)|secret)|(?:access|api|auth|bearer|id|refresh|sas)token|authorization|credentials?)$/;

/** Names that are ordinary words elsewhere (a scorer's option, a label) and secrets at a model's own level. */
const AMBIGUOUS_NAME = /^(?:key|token|bearer)$/;

/** Query members of an endpoint that carry a secret, e.g. `?key=` of Google, `sig` of a shared access signature. */
const SECRET_QUERY = /[?&](?:[\w-]*key|[\w-]*token|sig|signature|secret|password|code)=([^&#]+)/gi;

/** Beginnings of vendors' keys: OpenAI and Anthropic, Google, GitHub, Hugging Face, Groq, xAI. */
const KEY_START = /(?:^|[\s"'=:])(?:sk-[\w-]{16}|AIza[\w-]{20}|gh[pousr]_\w{20}|hf_\w{20}|gsk_\w{20}|xai-\w{20})/;

/** What may stand beside a reference in a header: a scheme such as `Bearer `. */
const SCHEME = /^\s*(?:[A-Za-z][\w-]*\s+)?$/;

const HINT = 'keep it in an environment variable: `auth: {type: key, env: NAME}`';
const HINT_REFERENCE = `keep it in an environment variable and write \`\${NAME}\``;

/** Every literal secret in a tree as written. Messages name the place and never the value. */
export function literalSecrets(tree: unknown): readonly TreeProblem[] {
  return walk(tree, []);
}

/** True for a member name that says "secret" at a model's level; such a member is answered with the way to `auth`. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  return SECRET_NAME.test(plain) || AMBIGUOUS_NAME.test(plain);
}

/** True for text that looks like a vendor's key, whatever its member is called; such text is never quoted. */
export function holdsKey(text: string): boolean {
  return KEY_START.test(text);
}

function walk(value: unknown, path: TreePath): readonly TreeProblem[] {
  if (typeof value === 'string') return secretText(value, path);
  return membersOf(value).flatMap(([part, member]) => walk(member, [...path, part]));
}

function secretText(text: string, path: TreePath): readonly TreeProblem[] {
  const name = plainName(path.findLast((part) => typeof part === 'string') ?? '');
  const parent = path.at(-2);
  const literal = withoutReferences(text);
  const problem = (what: string, hint: string): readonly TreeProblem[] => [
    { path, message: `${pathText(path)} ${what}`, hint },
  ];

  if (parent === 'auth' && name === 'env')
    return looksLikeKey(text)
      ? problem('must be the name of an environment variable, not its value', 'for example `env: OPENAI_API_KEY`')
      : [];
  if (parent === 'headers' && isSecretHeader(name))
    return SCHEME.test(literal) ? [] : problem('holds a key in plain text', HINT_REFERENCE);
  if (name === 'endpoint') return endpointSecrets(text, path);
  const named = SECRET_NAME.test(name) || (AMBIGUOUS_NAME.test(name) && isModelMember(path));
  if (named && literal.trim() !== '')
    return problem('holds a key in plain text', path.includes('extraBody') ? HINT_REFERENCE : HINT);
  return holdsKey(literal) ? problem('looks like a key', HINT_REFERENCE) : [];
}

function endpointSecrets(text: string, path: TreePath): readonly TreeProblem[] {
  const inQuery = [...text.matchAll(SECRET_QUERY)].some((match) => withoutReferences(match[1] ?? '') !== '');
  const password = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i.test(text);
  if (!inQuery && !password) return [];
  return [{ path, message: `${pathText(path)} holds a key in the URL`, hint: HINT }];
}

/** Directly in a model, in its `auth`, or in its `extraBody`. */
function isModelMember(path: TreePath): boolean {
  if (path[0] !== 'models') return path.length === 1;
  return path.length === 3 || (path.length === 4 && (path[2] === 'auth' || path[2] === 'extraBody'));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, '');
}
