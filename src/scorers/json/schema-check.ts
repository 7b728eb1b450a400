/** Checks JSON by a schema; the checker is loaded when the first schema is used. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Ajv as AjvClass, ErrorObject } from 'ajv';
import { explainJson } from '../../text/explain-json.ts';
import { isRecord } from '../../text/is-record.ts';
import { compileRegex } from '../options/user-regex.ts';

const require = createRequire(import.meta.url);

/** A schema, or the path of its file. */
export type SchemaOption = string | Readonly<Record<string, unknown>>;

/** Says what is wrong with a value; undefined when it follows the schema. */
export type SchemaCheck = (value: unknown) => string | undefined;

/** Why the schema cannot be used, with file and line where it is in one; undefined when it can. */
export function schemaProblem(schema: SchemaOption): string | undefined {
  try {
    createSchemaCheck(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why a value is not a JSON Schema; undefined when it is one. It says nothing about what a vendor supports. */
export function invalidSchema(schema: unknown): string | undefined {
  // Another type is a problem of its own.
  if (!isRecord(schema)) return undefined;
  try {
    const ajv = createAjv(schema);
    if (ajv.validateSchema(schema) === true) return undefined;
    const [error] = ajv.errors ?? [];
    return `is not a JSON Schema: ${error?.instancePath ?? ''} ${error?.message ?? ''}`.trim();
  } catch (error) {
    return `is not a JSON Schema: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** @throws {Error} when the file cannot be read or is no schema. */
export function createSchemaCheck(option: SchemaOption): SchemaCheck {
  const schema = typeof option === 'string' ? readSchema(option) : option;
  const validate = createAjv(schema).compile(schema);
  return (value) => (validate(value) ? undefined : sentence(validate.errors?.[0]));
}

/** @throws {Error} when the file cannot be read or is no schema, with its line and column. */
export function readSchema(path: string): Readonly<Record<string, unknown>> {
  const name = basename(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\ufeff/u, '');
  } catch (error) {
    throw new Error(
      `${name} cannot be read: ${error instanceof Error && 'code' in error ? error.code : String(error)}`,
      { cause: error },
    );
  }
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    const { column, message } = explainJson(text);
    const before = text.slice(0, column - 1).split('\n');
    throw new Error(`${name}:${before.length}:${(before.at(-1) ?? '').length + 1} ${message}`, { cause: error });
  }
  if (!isRecord(schema)) throw new Error(`${name} is not a JSON Schema: it must be an object`);
  return schema;
}

/** Patterns of the schema run in linear time, too. */
function createAjv(schema: Readonly<Record<string, unknown>>): AjvClass {
  const isNew = typeof schema['$schema'] === 'string' && /20(?:19-09|20-12)/u.test(schema['$schema']);
  const { default: Ajv }: { default: typeof AjvClass } = require(isNew ? 'ajv/dist/2020.js' : 'ajv');
  const regExp = Object.assign(
    (pattern: string) => {
      const compiled = compileRegex(pattern);
      return { test: (text: string) => compiled.matches(text) };
    },
    { code: 'compileRegex' },
  );
  return new Ajv({ strict: false, validateFormats: false, logger: false, code: { regExp } });
}

function sentence(error: ErrorObject | undefined): string {
  if (error === undefined) return 'does not follow the schema';
  const place = error.instancePath === '' ? 'the answer' : error.instancePath.slice(1).replaceAll('/', '.');
  return `${place} ${error.message ?? 'does not follow the schema'}`;
}
