/** Loads scorers and providers that users wrote themselves: files that a configuration names, or objects of a program. */

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '../errors.ts';
import { addProvider } from '../providers/registry.ts';
import type { UserProvider } from '../providers/user-provider.ts';
import { addScorer } from '../scorers/registry.ts';
import type { UserScorer } from '../scorers/user-scorer.ts';
import { isRecord } from '../text/is-record.ts';
import { quote } from '../text/quote.ts';
import { isCodeFile } from './code-file.ts';
import { membersOf, pathText, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';

/** Loads the files that the configuration names as scorers and providers, unless code is not allowed: that is a problem. */
export async function loadUserCode(
  tree: unknown,
  directory: string,
  isAllowed: boolean,
): Promise<readonly TreeProblem[]> {
  const problems: TreeProblem[] = [];
  for (const { path, file, member } of codeFiles(tree)) {
    const subject = `${pathText(path)} ${quote(file)}`;
    if (!isAllowed) {
      const hint = 'add --allow-code if you trust the file and this configuration';
      problems.push({ path, message: `${subject} is code, which would be run`, hint });
      continue;
    }
    const problem = await load(resolve(directory, file), file, member);
    if (problem !== null) problems.push({ path, message: `${subject} ${problem}`, hint: HINTS[member] });
  }
  return problems;
}

const HINTS = {
  score: 'its default export is a function, or what defineScorer returns',
  complete: 'its default export is a function, or what defineProvider returns',
} as const;

type Member = keyof typeof HINTS;

/** Every file once for each place that names it. */
function codeFiles(
  tree: unknown,
): readonly { readonly path: TreePath; readonly file: string; readonly member: Member }[] {
  const scorers = membersOf(valueAt(tree, ['scorers'])).map(([index, entry]) => ({
    path: isRecord(entry) ? ['scorers', index, 'name'] : ['scorers', index],
    file: isRecord(entry) ? entry['name'] : entry,
    member: 'score' as const,
  }));
  const models = membersOf(valueAt(tree, ['models'])).map(([index, entry]) => ({
    path: ['models', index, 'provider'],
    file: isRecord(entry) ? entry['provider'] : undefined,
    member: 'complete' as const,
  }));
  return [...scorers, ...models].flatMap(({ file, ...rest }) => (isCodeFile(file) ? [{ ...rest, file }] : []));
}

/** Returns what is wrong with the file; null when it was loaded. */
async function load(path: string, name: string, member: Member): Promise<string | null> {
  let exported: unknown;
  try {
    exported = (await import(pathToFileURL(path).href))['default'];
  } catch (error) {
    return `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`;
  }
  const definition: unknown = typeof exported === 'function' ? { [member]: exported } : exported;
  if (!isRecord(definition) || typeof definition[member] !== 'function')
    return `has no function ${member} as its default export`;
  if (member === 'score') addScorer(name, definition as unknown as UserScorer);
  else addProvider(name, definition as unknown as UserProvider);
  return null;
}

/** Makes the scorers and providers of a program known by their names. @throws {InputError} for those without a name of their own. */
export function addObjects(scorers: readonly UserScorer[], providers: readonly UserProvider[]): void {
  const nameless = [...scorers, ...providers].filter(({ name = '' }) => name === '' || isCodeFile(name));
  if (nameless.length > 0)
    throw new InputError(
      nameless.map(({ name }) => ({
        message: `a scorer or provider has the name ${quote(name ?? '')}`,
        hint: 'name it',
      })),
    );
  for (const scorer of scorers) addScorer(scorer.name ?? '', scorer);
  for (const provider of providers) addProvider(provider.name ?? '', provider);
}
