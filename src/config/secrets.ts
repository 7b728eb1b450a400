/** Rejects literal keys in a configuration, which is committed and copied into run folders as written. */

import { isSecretHeader } from '../providers/secrets.ts';
import { looksLikeKey, withoutReferences } from './references.ts';
import { membersOf, pathText, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';

/** Names (lower case, letters and digits only) whose value is always a secret. */
const SECRET_NAME =
  /^(?:.*(?:api|access|account|auth|private|subscription|shared)key|.*(?:pass(?:word|wd|phrase)|secret)|(?:access|api|auth|bearer|id|refresh|sas)token|authorization|credentials?)$/;

/** Names that are secrets directly in a model, and ordinary words elsewhere (the option of a scorer, a label). */
const AMBIGUOUS_NAME = /^(?:key|token|bearer)$/;

/** Query members of an endpoint that are secrets, e.g. `?key=` of Google, `sig` of a shared access signature. */
const SECRET_QUERY = /[?&](?:[\w-]*key|[\w-]*token|sig|signature|secret|password|code)=([^&#]+)/gi;

/** Prefixes of vendors' keys: OpenAI and Anthropic, Google, GitHub, Hugging Face, Groq, xAI. */
const KEY_PREFIX = /(?:^|[\s"'=:])(?:sk-[\w-]{16}|AIza[\w-]{20}|gh[pousr]_\w{20}|hf_\w{20}|gsk_\w{20}|xai-\w{20})/;

/** Literal text that a header may have beside a reference: a scheme such as `Bearer `. */
const SCHEME = /^\s*(?:[A-Za-z][\w-]*\s+)?$/;

/** `redis://user:password@host`. */
const PASSWORD_URL = /^rediss?:\/\/[^/@]*:[^/@]+@/i;

const HINT = 'keep it in an environment variable: `auth: {type: key, env: NAME}`';
const HINT_REFERENCE = `keep it in an environment variable and write \`\${NAME}\``;

/** All literal secrets in a tree as written. Messages name the member, never its value. */
export function literalSecrets(tree: unknown): readonly TreeProblem[] {
  return walk(tree, []);
}

/** References in names that reports, tables and folders show: their values could not be hidden. */
export function referencesInNames(tree: unknown): readonly TreeProblem[] {
  const idsOf = (list: string) => membersOf(valueAt(tree, [list])).map(([index]): TreePath => [list, index, 'id']);
  return [['name'], ...idsOf('models'), ...idsOf('variants')].flatMap((path) => {
    const written = valueAt(tree, path);
    if (typeof written !== 'string' || withoutReferences(written) === written) return [];
    const message = `${pathText(path)} contains a reference to an environment variable, and reports show it`;
    return [{ path, message, hint: 'write the name itself: values from the environment are secrets' }];
  });
}

/** True for the name of a secret directly in a model; the message for it explains `auth`. */
export function isSecretName(name: string): boolean {
  const plain = plainName(name);
  return SECRET_NAME.test(plain) || AMBIGUOUS_NAME.test(plain);
}

/** True for text that looks like a vendor's key under any member name; such text is never quoted. */
export function holdsKey(text: string): boolean {
  return KEY_PREFIX.test(text);
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
    return SCHEME.test(literal) ? [] : problem('contains a key in plain text', HINT_REFERENCE);
  if (PASSWORD_URL.test(literal)) return problem('contains a password in plain text', HINT_REFERENCE);
  if (name === 'endpoint') return endpointSecrets(text, path, HINT);
  if (name === 'mediaroot') return endpointSecrets(text, path, HINT_REFERENCE);
  const named = SECRET_NAME.test(name) || (AMBIGUOUS_NAME.test(name) && isModelMember(path));
  if (named && literal.trim() !== '')
    return problem('contains a key in plain text', path.includes('extraBody') ? HINT_REFERENCE : HINT);
  return holdsKey(literal) ? problem('looks like a key', HINT_REFERENCE) : [];
}

function endpointSecrets(text: string, path: TreePath, hint: string): readonly TreeProblem[] {
  const inQuery = [...text.matchAll(SECRET_QUERY)].some((match) => withoutReferences(match[1] ?? '') !== '');
  const password = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i.test(text);
  if (!inQuery && !password) return [];
  return [{ path, message: `${pathText(path)} contains a key in the URL`, hint }];
}

/** Directly in a model, in its `auth`, or in its `extraBody`. */
function isModelMember(path: TreePath): boolean {
  if (path[0] !== 'models') return path.length === 1;
  return path.length === 3 || (path.length === 4 && (path[2] === 'auth' || path[2] === 'extraBody'));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, '');
}
