/** What the schema alone cannot see: names that stand twice, settings that providers and scorers refuse, files that are not there. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Environment } from '../io.ts';
import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import type { Provider } from '../providers/provider.ts';
import { PROVIDERS } from '../providers/registry.ts';
import { scorerProblems } from '../scorers/registry.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { tokenMappingProblem } from '../tokens/resolve-rule.ts';
import type { ModelConfig, ScorerConfig } from '../types.ts';
import { neighbourHint, systemReason } from './find-config.ts';
import { membersOf, pathText, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';

/** The provider of this name; undefined for a name that the schema has refused. */
export function providerOf(name: string): Provider | undefined {
  const providers: Readonly<Record<string, Provider>> = PROVIDERS;
  return Object.hasOwn(providers, name) ? providers[name] : undefined;
}

/** Ids that stand twice in a list, capitals and composed accents aside: they name columns and folders. */
export function repeatedIds(tree: unknown, list: string): readonly TreeProblem[] {
  const entries = isRecord(tree) ? membersOf(tree[list]) : [];
  const seen = new Map<string, TreePath>();
  return entries.flatMap(([index, entry]): readonly TreeProblem[] => {
    const id = isRecord(entry) ? entry['id'] : undefined;
    if (typeof id !== 'string') return [];
    const path = [list, index, 'id'];
    const key = id.normalize('NFC').toLowerCase();
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, path);
      return [];
    }
    const message = `${pathText(path)} ${quote(id)} is also ${pathText(first)}`;
    return [{ path, message, hint: 'ids must differ in more than capitals' }];
  });
}

/** What is wrong with a model (`models` are its variants, or itself alone) beyond the shape of its settings. */
export function modelProblems(
  path: TreePath,
  models: readonly ModelConfig[],
  env: Environment,
): readonly TreeProblem[] {
  // Variants change neither modalities nor token rules nor the model itself.
  const own = models
    .slice(0, 1)
    .flatMap((model) => [
      ...embeddedProblems(path, model),
      ...modalityProblems(path, model),
      ...tokenProblems(path, model),
    ]);
  return [...providerProblems(path, models, env), ...own];
}

/** What all variants share is said once. */
function providerProblems(path: TreePath, models: readonly ModelConfig[], env: Environment): readonly TreeProblem[] {
  const said = new Set<string>();
  return models.flatMap((model) => {
    const problems = providerOf(model.provider)?.problems(model, env) ?? [];
    return problems.flatMap((problem): readonly TreeProblem[] => {
      const shared = problem.message.replace(`${model.id}: `, '');
      if (said.has(shared)) return [];
      said.add(shared);
      return [{ path, ...problem }];
    });
  });
}

/** An embedded model that does not exist; behind an endpoint of its own any name may do. */
function embeddedProblems(path: TreePath, { provider, endpoint, model }: ModelConfig): readonly TreeProblem[] {
  if (provider !== 'local' || endpoint !== undefined || isLocalModelName(model)) return [];
  const place = [...path, 'model'];
  const message = `${pathText(place)} ${quote(model)} is no embedded model`;
  return [{ path: place, message, hint: suggest(model, Object.keys(LOCAL_MODELS)) }];
}

/** Models that shall get the bytes of media which may not be fetched. */
export function inlineProblems(tree: unknown): readonly TreeProblem[] {
  if (valueAt(tree, ['dataset', 'allowRemoteMedia']) === true) return [];
  return membersOf(valueAt(tree, ['models'])).flatMap(([index]): readonly TreeProblem[] => {
    const path = ['models', index, 'remoteMedia'];
    if (valueAt(tree, path) !== 'inline') return [];
    const message = `${pathText(path)} inlines media behind URLs, which may not be fetched`;
    return [{ path, message, hint: 'set dataset.allowRemoteMedia: true, or leave it at pass' }];
  });
}

/** Modalities that the provider cannot carry, each at its own place. */
function modalityProblems(path: TreePath, { provider, modalities }: ModelConfig): readonly TreeProblem[] {
  const carried = providerOf(provider)?.modalities ?? [];
  return modalities.flatMap((modality, index): readonly TreeProblem[] => {
    if (carried.includes(modality)) return [];
    const message = `provider ${provider} cannot carry ${modality}`;
    return [{ path: [...path, 'modalities', index], message, hint: `it carries ${carried.join(', ')}` }];
  });
}

/** Token rules that do not exist, each at its own member. */
function tokenProblems(path: TreePath, { model, tokens }: ModelConfig): readonly TreeProblem[] {
  return Object.entries(tokens ?? {}).flatMap(([kind, rule]) => {
    const problems = tokenMappingProblem({ model, tokens: { [kind]: rule } })?.problems ?? [];
    return problems.map((problem) => ({ ...problem, path: [...path, 'tokens', kind] }));
  });
}

/** An environment in which no key is missing, for commands that send nothing. */
export function withEveryKey(env: Environment): Environment {
  return new Proxy(env, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return value === undefined || value === '' ? 'unused' : value;
    },
  });
}

/** Unknown scorers, options they do not take, and names that stand twice: a name is a column. */
export function scorersProblems(
  scorers: readonly { readonly index: TreePath[number]; readonly scorer: ScorerConfig }[],
): readonly TreeProblem[] {
  return scorers.flatMap(({ index, scorer }): readonly TreeProblem[] => {
    const path = ['scorers', index];
    const first = scorers.find((other) => other.scorer.name === scorer.name)?.index ?? index;
    if (first !== index)
      return [{ path, message: `${pathText(path)} ${quote(scorer.name)} is also ${pathText(['scorers', first])}` }];
    return scorerProblems(scorer).map((problem) => ({ path, ...problem }));
  });
}

/** A file or folder that is not there, not of the kind, or not to be read. */
export async function pathProblems(
  path: TreePath,
  written: string,
  directory: string,
  kind: 'file' | 'folder',
): Promise<readonly TreeProblem[]> {
  const absolute = resolve(directory, written);
  const name = `${pathText(path)} ${quote(written)}`;
  try {
    const found = await stat(absolute);
    const right = kind === 'file' ? found.isFile() : found.isDirectory();
    return right ? [] : [{ path, message: `${name} is no ${kind}` }];
  } catch (error) {
    const reason = systemReason(error);
    if (reason !== 'missing') return [{ path, message: `${name} cannot be read: ${reason}` }];
    const hint = (await neighbourHint(absolute)) ?? 'paths are relative to the configuration file';
    return [{ path, message: `${name} does not exist`, hint }];
  }
}
