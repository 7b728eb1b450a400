/** Creates request checks from OpenAPI files and enforces their discriminators, which JSON Schema alone does not do. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

type Schema = Record<string, unknown>;

interface Document {
  readonly components: { readonly schemas: Record<string, Schema> };
}

const SCHEMAS = '#/components/schemas/';
/** Formats of OpenAPI that do not restrict JSON. */
const FOREIGN_FORMATS = ['int32', 'int64', 'float', 'double', 'decimal', 'base64', 'binary', 'unixtime', 'password'];

/** The folder next to the project with the vendors' schemas; absent on most machines. */
const SPECS = fileURLToPath(new URL('../../../shared/specs/', import.meta.url));
export const HAS_SPECS = existsSync(SPECS);

/** The problems of a body; empty = it is valid. */
export type BodyCheck = (body: unknown) => readonly string[];

/** Creates a check against one schema of a file. `correct` may fix the schemas first. */
export function bodyCheck(
  file: string,
  schema: string,
  correct: (schemas: Record<string, Schema>) => void = () => {},
): BodyCheck {
  const document = JSON.parse(readFileSync(`${SPECS}${file}`, 'utf8')) as Document;
  const { schemas } = document.components;
  correct(schemas);
  enforceDiscriminators(schemas);
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
  formats.default(ajv);
  for (const name of FOREIGN_FORMATS) ajv.addFormat(name, true);
  ajv.addSchema(rewriteNullable(document) as Schema, file);
  const validate = ajv.compile({ $ref: `${file}${SCHEMAS}${schema}` });
  return (body) =>
    validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/**
 * Turns a base schema with a mapping into a choice by the member's value. The derived schemas refer to the base, so they
 * get a copy of it without the choice.
 */
function enforceDiscriminators(schemas: Record<string, Schema>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    const discriminator = schema['discriminator'] as
      | { propertyName: string; mapping?: Record<string, string> }
      | undefined;
    if (discriminator?.mapping === undefined) continue;
    const { propertyName, mapping } = discriminator;
    const base = `${name}.base`;
    schemas[base] = schema;
    for (const target of Object.values(mapping)) redirect(schemas[target.slice(SCHEMAS.length)] ?? {}, name, base);
    schemas[name] = {
      type: 'object',
      required: [propertyName],
      properties: { [propertyName]: { enum: Object.keys(mapping) } },
      allOf: Object.entries(mapping).map(([value, $ref]) => ({
        if: { properties: { [propertyName]: { const: value } }, required: [propertyName] },
        // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
        then: { $ref },
      })),
    };
  }
}

function redirect(schema: Schema, from: string, to: string): void {
  const parents = Array.isArray(schema['allOf']) ? (schema['allOf'] as Schema[]) : [];
  for (const parent of parents) if (parent['$ref'] === `${SCHEMAS}${from}`) parent['$ref'] = `${SCHEMAS}${to}`;
}

/** `nullable` of OpenAPI 3.0, which documents of 3.1 also contain. */
function rewriteNullable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewriteNullable);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Schema;
  const members = Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, rewriteNullable(member)]));
  // A property with that name is a schema, not a keyword.
  if (typeof nullable === 'object') return { ...members, nullable: rewriteNullable(nullable) };
  return nullable === true ? { anyOf: [members, { type: 'null' }] } : members;
}
