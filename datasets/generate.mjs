/**
 * Makes the sample sets again, the same byte for byte each time.
 *
 *   npm run datasets              or some of them, elsewhere:  node datasets/generate.mjs SET... --out DIR
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSet } from './generator/write-set.mjs';
import { SETS } from './sets.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: dirname(fileURLToPath(import.meta.url)) } },
});
const names = positionals.length === 0 ? Object.keys(SETS) : positionals;
const unknown = names.filter((name) => !Object.hasOwn(SETS, name));
if (unknown.length > 0) {
  console.error(`no such set: ${unknown.join(', ')} · there are ${Object.keys(SETS).join(', ')}`);
  process.exit(2);
}
for (const name of names) console.log(await writeSet(await SETS[name](), join(values.out, name)));
