/** The members that the schema knows at a path, for "did you mean" hints. */

import { isRecord } from '../text/is-record.ts';
import { nearestName } from '../text/nearest-name.ts';
import { configJsonSchema } from './schema.ts';
import type { TreePath } from './tree-problem.ts';

type Node = Readonly<Record<string, unknown>>;

/** Names of our members in other tools and APIs (letters only, lower case). */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  apibase: 'endpoint',
  audionoise: 'snr',
  apiversion: 'apiVersion',
  baseurl: 'endpoint',
  deploymentname: 'model',
  inputpermillion: 'promptPerMillion',
  maxcompletiontokens: 'maxTokens',
  maxoutputtokens: 'maxTokens',
  maxretries: 'retries',
  outputpermillion: 'completionPerMillion',
  parallel: 'concurrency',
  rpm: 'requestsPerMinute',
  stopsequences: 'stop',
  systemmessage: 'system',
  systemprompt: 'system',
  timeout: 'timeoutMs',
  tpm: 'tokensPerMinute',
  url: 'endpoint',
  whitenoise: 'snr',
};

let schema: Node | undefined;

/** Made once: it takes milliseconds, and a file may have many unknown members. */
function rootSchema(): Node {
  schema ??= configJsonSchema();
  return schema;
}

/** A hint for an unknown member of the mapping at `path`. */
export function unknownMemberHint(tree: unknown, path: TreePath, name: string): string {
  const mappings = schemasAt(tree, path);
  const known = mappings.flatMap((mapping) => Object.keys(propertiesOf(mapping)));
  const foreign = FOREIGN_NAMES[name.toLowerCase().replace(/[^a-z]/g, '')];
  const candidate =
    nearestName(name, known) ?? (foreign !== undefined && known.includes(foreign) ? foreign : undefined);
  if (candidate !== undefined) return `did you mean "${candidate}"?`;
  for (const mapping of mappings)
    for (const [member, inner] of Object.entries(propertiesOf(mapping))) {
      const below = options(inner, undefined).flatMap((option) => Object.keys(propertiesOf(option)));
      const nearest =
        nearestName(name, below) ?? (foreign !== undefined && below.includes(foreign) ? foreign : undefined);
      if (nearest !== undefined) return `did you mean "${nearest}" under "${member}"?`;
    }
  return `known: ${known.join(', ')}`;
}

/** The schemas for the value at `path`; several where the schema has alternatives. */
function schemasAt(tree: unknown, path: TreePath): readonly Node[] {
  let value = tree;
  let nodes = options(rootSchema(), value);
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
    nodes = nodes.flatMap((node) => {
      const items = node['items'];
      if (typeof part === 'number') return options(Array.isArray(items) ? items[part] : items, value);
      return options(propertiesOf(node)[part] ?? node['additionalProperties'], value);
    });
  }
  return nodes;
}

/** The alternatives of a schema that fit the `type` member of a value. */
function options(schema: unknown, value: unknown): readonly Node[] {
  if (!isRecord(schema)) return [];
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(alternatives)) return [schema];
  return alternatives
    .flatMap((option) => options(option, value))
    .filter((option) => {
      const type = propertiesOf(option)['type'];
      const constant = isRecord(type) ? type['const'] : undefined;
      return constant === undefined || !isRecord(value) || value['type'] === constant;
    });
}

function propertiesOf(schema: unknown): Node {
  const properties = isRecord(schema) ? schema['properties'] : undefined;
  return isRecord(properties) ? properties : {};
}
