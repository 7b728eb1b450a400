/** Checks beyond the schema: duplicate names, settings that a provider or scorer does not support, missing files. */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { mapProblems } from '../dataset/column-map.ts';
import type { Environment } from '../io.ts';
import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import { isEmbedded } from '../models/embedded.ts';
import { providerNamed } from '../providers/registry.ts';
import { isUserScorer, scoreName, scorerProblems } from '../scorers/registry.ts';
import { isRecord } from '../text/is-record.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { tokenMappingProblem } from '../tokens/resolve-rule.ts';
import type { ModelConfig, ScorerConfig } from '../types.ts';
import { isCodeFile } from './code-file.ts';
import type { ConfigDocument } from './document.ts';
import { neighbourHint, systemReason } from './find-config.ts';
import { membersOf, pathText, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';

/** Duplicate ids of a list, ignoring case and the composition of accents: ids name columns and folders. */
export function duplicateIds(tree: unknown, list: string): readonly TreeProblem[] {
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
    const message = `duplicate id ${quote(id)} (first used in ${pathText(first)})`;
    return [{ path, message, hint: 'rename one; case does not count' }];
  });
}

/** Problems of a model beyond the shape of its settings; `models` are its variants, or only the model itself. */
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

/** Problems that all variants share are reported once. */
function providerProblems(path: TreePath, models: readonly ModelConfig[], env: Environment): readonly TreeProblem[] {
  const reported = new Set<string>();
  return models.flatMap((model) => {
    const problems = providerNamed(model.provider)?.problems(model, env) ?? [];
    return problems.flatMap((problem): readonly TreeProblem[] => {
      const shared = problem.message.replace(`${model.id}: `, '');
      if (reported.has(shared)) return [];
      reported.add(shared);
      const { member = [], ...rest } = problem;
      return [{ path: [...path, ...member], ...rest }];
    });
  });
}

/** An unknown embedded model; a configured endpoint may serve any name. */
function embeddedProblems(path: TreePath, config: ModelConfig): readonly TreeProblem[] {
  const { endpoint, model } = config;
  if (!isEmbedded(config) || endpoint !== undefined || isLocalModelName(model)) return [];
  const modelPath = [...path, 'model'];
  const message = `${pathText(modelPath)} ${quote(model)} is not an embedded model`;
  return [{ path: modelPath, message, hint: suggest(model, Object.keys(LOCAL_MODELS)) }];
}

/** Parameters without a value: null must be written out, because it takes a parameter out. */
export function emptyParams({ tree, isEmpty }: ConfigDocument): readonly TreeProblem[] {
  return ['models', 'variants'].flatMap((list) =>
    membersOf(valueAt(tree, [list])).flatMap(([index]) => {
      const params = [list, index, 'params'];
      return membersOf(valueAt(tree, params)).flatMap(([name, value]): readonly TreeProblem[] => {
        const path = [...params, name];
        if (value !== null || !isEmpty(path)) return [];
        return [{ path, message: `${pathText(path)} has no value`, hint: 'give it one, or null to leave it out' }];
      });
    }),
  );
}

/** Entries of `dataset.map` that name no column, or one twice; those of the wrong type are problems of their own. */
export function columnMapProblems(tree: unknown): readonly TreeProblem[] {
  const entries = membersOf(valueAt(tree, ['dataset', 'map'])).flatMap(([column, source]) => {
    const isNames = typeof source === 'string' || (Array.isArray(source) && source.every(isText));
    return isNames ? [[String(column), source] as const] : [];
  });
  return mapProblems(Object.fromEntries(entries)).map(({ column, message, hint }) =>
    defined({ path: ['dataset', 'map', column], message: `${pathText(['dataset', 'map'])}: ${message}`, hint }),
  );
}

const isText = (value: unknown) => typeof value === 'string';

/** Models with inline media that may not be fetched. */
export function inlineProblems(tree: unknown): readonly TreeProblem[] {
  if (valueAt(tree, ['dataset', 'allowRemoteMedia']) === true) return [];
  return membersOf(valueAt(tree, ['models'])).flatMap(([index]): readonly TreeProblem[] => {
    const path = ['models', index, 'remoteMedia'];
    if (valueAt(tree, path) !== 'inline') return [];
    const message = `${pathText(path)} is inline, but media behind URLs may not be fetched`;
    return [{ path, message, hint: 'set dataset.allowRemoteMedia: true, or use pass' }];
  });
}

/** Modalities that the provider does not support, each with its own position. */
function modalityProblems(path: TreePath, { provider, modalities }: ModelConfig): readonly TreeProblem[] {
  const supported = providerNamed(provider)?.modalities ?? [];
  return modalities.flatMap((modality, index): readonly TreeProblem[] => {
    if (supported.includes(modality)) return [];
    const message = `provider ${provider} does not support ${modality}`;
    return [{ path: [...path, 'modalities', index], message, hint: `it supports ${supported.join(', ')}` }];
  });
}

/** Unknown token rules, each with its own position. */
function tokenProblems(path: TreePath, { model, tokens }: ModelConfig): readonly TreeProblem[] {
  return Object.entries(tokens ?? {}).flatMap(([kind, rule]) => {
    const problems = tokenMappingProblem({ model, tokens: { [kind]: rule } })?.problems ?? [];
    return problems.map((problem) => ({ ...problem, path: [...path, 'tokens', kind] }));
  });
}

/** An environment without missing keys, for commands that send nothing. */
export function withEveryKey(env: Environment): Environment {
  return new Proxy(env, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      return value === undefined || value === '' ? 'unused' : value;
    },
  });
}

/** Unknown scorers, unknown options, and scorers that are listed twice: the name of a scorer is a column. */
export function scorersProblems(
  scorers: readonly { readonly index: TreePath[number]; readonly scorer: ScorerConfig }[],
): readonly TreeProblem[] {
  const seen = new Set<string>();
  return scorers.flatMap(({ index, scorer }): readonly TreeProblem[] => {
    const path = ['scorers', index];
    const name = scoreName(scorer);
    const isRepeated = seen.has(name);
    seen.add(name);
    if (isRepeated)
      return [
        {
          path,
          message: `scorer ${quote(scoreName(scorer))} is listed twice`,
          hint: 'keep one, or name one with `as`: the name is a column in the results',
        },
      ];
    // A file that was not loaded is a problem of its own.
    if (isCodeFile(scorer.name) && !isUserScorer(scorer.name)) return [];
    return scorerProblems(scorer).map((problem) => ({ path, ...problem }));
  });
}

/** A file or folder that is missing, not readable, or of the other kind. */
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
    return right
      ? []
      : [
          {
            path,
            message: `${name} is not a ${kind}`,
            hint: `name the ${kind} of the ${kind === 'file' ? 'manifest' : 'media'}`,
          },
        ];
  } catch (error) {
    const reason = systemReason(error);
    if (reason !== 'missing') return [{ path, message: `${name} cannot be read: ${reason}` }];
    const hint = (await neighbourHint(absolute)) ?? 'paths are relative to the configuration file';
    return [{ path, message: `${name} does not exist`, hint }];
  }
}
