/**
 * Says why OpenAI would reject a schema with `strict: true`, before anything is sent (OpenAI's guide to structured outputs,
 * "Supported schemas", read on 2026-11-30; Azure's page names the same rules).
 */

import { hostOf } from '../models/host.ts';
import { comparableModel } from '../models/model-name.ts';
import { isRecord } from '../text/is-record.ts';
import type { ModelConfig } from '../types.ts';
import type { ConfigProblem } from './provider.ts';

/** Keywords that a strict schema must not have. */
const UNSUPPORTED = ['allOf', 'not', 'dependentRequired', 'dependentSchemas', 'if', 'then', 'else'];
const MAX_PROPERTIES = 5000;
const MAX_LEVELS = 10;
/** Enough to see what is wrong. */
const MAX_SHOWN = 3;

/** The same as sentences: a run of an earlier version with such a schema must resume and replay. */
export function strictSchemaNotes(model: ModelConfig): readonly string[] {
  return strictSchemaProblems(model).map(({ message, hint }) => `${message} · ${hint}`);
}

/** The rules hold for OpenAI's models on its own endpoint and on Azure; other servers have rules of their own. */
export function strictSchemaProblems(model: ModelConfig): readonly (ConfigProblem & { readonly hint: string })[] {
  const format = model.params.responseFormat;
  const host = hostOf(model);
  const isOpenAi =
    host === 'openai' || (host === 'azure' && /(^|[^a-z0-9])(gpt|o\d)/.test(comparableModel(model.model)));
  if (!isOpenAi || format?.type !== 'json_schema' || format.strict !== true) return [];
  return schemaFaults(format.schema).map((fault) => ({
    message: `${model.id}: the strict schema ${format.name} ${fault}`,
    hint: 'OpenAI rejects it with strict: true · change the schema, or leave strict out',
  }));
}

/** The first rules that a schema breaks, with the place in it. */
export function schemaFaults(schema: unknown): readonly string[] {
  const faults: string[] = [];
  let properties = 0;
  const walk = (node: unknown, path: string, level: number): void => {
    if (!isRecord(node)) return;
    const place = path === '' ? 'at its root' : `at ${path.slice(0, 80)}`;
    for (const keyword of UNSUPPORTED) if (Object.hasOwn(node, keyword)) faults.push(`has "${keyword}" ${place}`);
    const members = isRecord(node['properties']) ? node['properties'] : {};
    const names = Object.keys(members);
    properties += names.length;
    if (node['type'] === 'object' || names.length > 0) faults.push(...objectFaults(node, names, place));
    if (level > MAX_LEVELS) faults.push(`is nested deeper than ${MAX_LEVELS} levels`);
    else for (const [name, inner] of innerSchemas(node, members)) walk(inner, `${path}/${name}`, level + 1);
  };
  if (!isRecord(schema) || schema['type'] !== 'object' || Object.hasOwn(schema, 'anyOf'))
    faults.push('is not an object at its root');
  walk(schema, '', 0);
  if (properties > MAX_PROPERTIES) faults.push(`has ${properties} properties; ${MAX_PROPERTIES} are allowed`);
  return [...new Set(faults)].slice(0, MAX_SHOWN);
}

function objectFaults(node: Readonly<Record<string, unknown>>, names: readonly string[], place: string): string[] {
  const required: readonly unknown[] = Array.isArray(node['required']) ? node['required'] : [];
  const optional = names.filter((name) => !required.includes(name));
  return [
    ...(node['additionalProperties'] === false ? [] : [`lacks "additionalProperties": false ${place}`]),
    ...(optional.length === 0 ? [] : [`does not require ${optional.slice(0, 3).join(', ').slice(0, 80)} ${place}`]),
  ];
}

function innerSchemas(
  node: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, unknown>>,
): readonly (readonly [name: string, schema: unknown])[] {
  const definitions = ['$defs', 'definitions'].flatMap((name) =>
    isRecord(node[name]) ? Object.entries(node[name]) : [],
  );
  const choices: readonly unknown[] = Array.isArray(node['anyOf']) ? node['anyOf'] : [];
  return [
    ...Object.entries(members),
    ...definitions,
    ...choices.map((choice, index) => [`anyOf/${index}`, choice] as const),
    ...(node['items'] === undefined ? [] : [['items', node['items']] as const]),
  ];
}
