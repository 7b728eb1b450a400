/** The JSON Schema of a manifest, for editors and other programs: rows, the head row of defaults, and columns under other names. */

import { z } from 'zod';
import type { ColumnMap } from './column-map.ts';
import { columnOf, isReservedName, MEDIA_LOOKALIKE, NUMBERED } from './columns.ts';
import { rowSchema } from './row-schema.ts';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The schema in draft-07: one row, as a line of JSONL, or the list of all, as in YAML. `map`: columns that are read under
 * other names, as in `dataset.map`; a name that is given away is metadata.
 */
export function manifestJsonSchema(map: ColumnMap = {}): Schema {
  const { $schema, properties, ...row } = z.toJSONSchema(rowSchema, { target: 'draft-7', io: 'input' });
  const own = new Map<string, unknown>(Object.entries(properties ?? {}));
  const names = namesOf(map);
  const isTaken = (name: string) => {
    const column = columnOf(name);
    return column.type === 'column' && Object.keys(map).some((taken) => isSameColumn(taken, column.name));
  };
  const columns = new Map([...own].filter(([name]) => !isTaken(name)));
  for (const [source, column] of names) columns.set(source, schemaOfColumn(column, own));
  const nameOf = (column: string) => [...names].find(([, name]) => name === column)?.[0] ?? column;
  const list = { type: 'array', items: [{ anyOf: [HEAD, ROW] }], additionalItems: ROW };
  return {
    $schema,
    title: 'earsight manifest',
    anyOf: [ROW, HEAD, list],
    definitions: {
      row: {
        ...row,
        properties: Object.fromEntries(columns),
        ...rules(nameOf, [...new Set([...names.keys(), ...[...own.keys()].filter(isTaken)])]),
        not: { required: ['defaults'], maxProperties: 1 },
      },
      head: {
        description: 'Values for all rows without their own; only in the first row.',
        type: 'object',
        required: ['defaults'],
        maxProperties: 1,
        properties: {
          defaults: {
            ...row,
            description: 'Columns with the values of rows without their own, under the names of a manifest.',
            properties: { ...Object.fromEntries(own), id: false },
            ...rules((column) => column, []),
          },
        },
      },
    },
  };
}

const ROW = { $ref: '#/definitions/row' } as const;
const HEAD = { $ref: '#/definitions/head' } as const;

/** The names in the file, each with the column of a manifest that is read from it. */
function namesOf(map: ColumnMap): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(map).flatMap(([column, sources]) =>
      [sources].flat().map((source, index) => [source, index === 0 ? column : `${column}_${index + 1}`] as const),
    ),
  );
}

function isSameColumn(written: string, name: string): boolean {
  const column = columnOf(written);
  return column.type === 'column' && column.name === name;
}

/** Of a column under another name; metadata may be anything. */
function schemaOfColumn(column: string, own: ReadonlyMap<string, unknown>): unknown {
  return own.get(column) ?? (NUMBERED.test(column) ? NUMBERED_VALUE : {});
}

const NUMBERED_VALUE = { type: ['string', 'array', 'object', 'null'] } as const;

/** What a row must not have: two questions at once, reserved names, names that a reader takes for misspelt media columns. */
function rules(nameOf: (column: string) => string, allowed: readonly string[]): Schema {
  const given = { not: { enum: [null, ''] } };
  const both = (...columns: readonly [string, string]) => {
    const [one, other] = columns.map(nameOf);
    return { not: { required: [one, other], properties: { [String(one)]: given, [String(other)]: given } } };
  };
  const reserved = Object.getOwnPropertyNames(Object.prototype).concat('prototype').filter(isReservedName);
  const good = {
    allOf: [{ not: { enum: [...reserved, 'ID', 'Id', 'iD'] } }, { not: { pattern: MEDIA_LOOKALIKE.source } }],
  };
  return {
    patternProperties: { [NUMBERED.source]: NUMBERED_VALUE },
    propertyNames: allowed.length === 0 ? good : { anyOf: [{ enum: allowed }, good] },
    allOf: [both('prompt', 'messages'), both('prompt', 'turns'), both('messages', 'turns'), both('target', 'turns')],
  };
}
