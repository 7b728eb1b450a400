/** The JSON format: one list of objects, as other programs export them. */

import { readObjects } from './foreign/read-objects.ts';
import type { DatasetFormatReader } from './raw-row.ts';

export const json: DatasetFormatReader = {
  description: 'JSON: one list of objects, with messages, turns and lists; at most 256 MiB',
  extensions: ['.json'],
  read: (path) => readObjects(path),
};
