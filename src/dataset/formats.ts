/** The registry of dataset formats: one file and one line for each. */

import { extname } from 'node:path';
import { csv } from './csv.ts';
import { json } from './json.ts';
import { jsonl } from './jsonl.ts';
import type { DatasetFormatReader } from './raw-row.ts';
import { yaml } from './yaml.ts';

/** Every format by its name in the configuration (`dataset: {path, format}`). */
export const FORMATS = { csv, jsonl, json, yaml } as const satisfies Record<string, DatasetFormatReader>;

export type DatasetFormat = keyof typeof FORMATS;

/** The reader for a file by the ending of its name; undefined for an unknown one. */
export function formatOf(path: string): DatasetFormatReader | undefined {
  const extension = extname(path).toLowerCase();
  return Object.values(FORMATS).find((format: DatasetFormatReader) => format.extensions.includes(extension));
}

/** Every ending that `formatOf` knows, for messages. */
export function knownExtensions(): readonly string[] {
  return Object.values(FORMATS).flatMap((format: DatasetFormatReader) => format.extensions);
}
