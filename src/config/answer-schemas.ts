/** Schemas of answers that a vendor rejects, with their place in the configuration. */

import type { Problem } from '../errors.ts';
import { strictSchemaProblems } from '../providers/strict-schema.ts';
import { isRecord } from '../text/is-record.ts';
import type { ModelConfig } from '../types.ts';
import type { ConfigDocument } from './document.ts';
import type { ConfigFile } from './find-config.ts';
import { membersOf, type TreePath, valueAt } from './tree-problem.ts';

/** Places by the id of a model. */
export type SchemaPlaces = ReadonlyMap<string, Pick<Problem, 'file' | 'line' | 'column'>>;

const FORMAT = ['params', 'responseFormat'] as const;

/** Where each model has its `responseFormat`: that of its variant wins. */
export function schemaPositions(
  tree: unknown,
  { displayPath, isCommandLine }: Pick<ConfigFile, 'displayPath' | 'isCommandLine'>,
  locate: ConfigDocument['locate'],
): { readonly schemaAt?: SchemaPlaces } {
  if (isCommandLine === true) return {};
  const pathOf = (list: string, index: string | number): TreePath | null => {
    const path = [list, index, ...FORMAT];
    return isRecord(valueAt(tree, path)) ? path : null;
  };
  const idOf = (entry: unknown) => (isRecord(entry) ? String(entry['id']) : '');
  const variants = membersOf(valueAt(tree, ['variants']));
  const places = membersOf(valueAt(tree, ['models'])).flatMap(([index, model]) => {
    const own = pathOf('models', index);
    const all = [
      [idOf(model), own] as const,
      ...variants.map(([at, variant]) => [`${idOf(model)}@${idOf(variant)}`, pathOf('variants', at) ?? own] as const),
    ];
    return all.flatMap(([id, path]) => (path === null ? [] : [[id, { file: displayPath, ...locate(path) }] as const]));
  });
  return places.length === 0 ? {} : { schemaAt: new Map(places) };
}

/** Problems of new runs; one that is resumed warns of them. */
export function rejectedSchemas(
  models: readonly ModelConfig[],
  { displayPath, schemaAt }: { readonly displayPath: string; readonly schemaAt?: SchemaPlaces },
): readonly Problem[] {
  return models.flatMap((model) =>
    strictSchemaProblems(model).map((problem) => ({
      ...(schemaAt?.get(model.id) ?? { file: displayPath }),
      ...problem,
    })),
  );
}
