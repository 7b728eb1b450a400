/** Puts the content of schema files in the place of their paths, so that a request's hash is that of the schema itself. */

import { resolve } from 'node:path';
import { invalidSchema, readSchema } from '../../scorers/json/schema-check.ts';
import { isRecord } from '../../text/is-record.ts';
import { membersOf, pathText, type TreePath, type TreeProblem, valueAt } from '../tree-problem.ts';

/**
 * Reads each `params.responseFormat.schema` of models and variants that is a path, and checks it as one that is written out.
 * What cannot be read stays a path and is a problem.
 */
export function withSchemaFiles(
  tree: unknown,
  directory: string,
): { readonly tree: unknown; readonly problems: readonly TreeProblem[] } {
  const problems: TreeProblem[] = [];
  let whole = tree;
  for (const list of ['models', 'variants'])
    for (const [index] of membersOf(valueAt(tree, [list]))) {
      const path = [list, index, 'params', 'responseFormat', 'schema'];
      const written = valueAt(tree, path);
      const schema = typeof written === 'string' ? read(resolve(directory, written)) : { schema: written };
      if ('schema' in schema) whole = schema.schema === written ? whole : withValue(whole, path, schema.schema);
      const reason = 'reason' in schema ? schema.reason : invalidSchema(schema.schema);
      if (reason !== undefined) problems.push({ path, message: `${pathText(path)}: ${reason}`, hint: HINT });
    }
  return { tree: whole, problems };
}

const HINT = 'write a JSON Schema, or the path of its file, relative to this one';

function read(path: string): { readonly schema: unknown } | { readonly reason: string } {
  try {
    return { schema: readSchema(path) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A copy of the tree with another value at a path that exists. */
function withValue(tree: unknown, [part, ...rest]: TreePath, value: unknown): unknown {
  if (part === undefined) return value;
  if (Array.isArray(tree)) return tree.map((item, index) => (index === part ? withValue(item, rest, value) : item));
  return isRecord(tree) ? { ...tree, [part]: withValue(tree[part], rest, value) } : tree;
}
