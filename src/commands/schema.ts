/** `earsight schema`: prints the JSON Schema of configurations or of manifest rows, for editors and other programs. */

import { type Command, text } from '../command.ts';
import { configJsonSchema } from '../config/schema.ts';
import { manifestJsonSchema } from '../dataset/manifest-schema.ts';
import { parseMap } from '../dataset/parse-map.ts';
import { EXIT, InputError } from '../errors.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';

const SCHEMAS = ['config', 'manifest'] as const;

export const schemaCommand: Command = {
  example: ['earsight schema manifest > manifest.schema.json', 'complete a YAML manifest in an editor'],
  positionals: { what: 'config, or manifest for the rows of JSONL and YAML manifests (default: config)' },
  options: {
    map: {
      type: 'string',
      describe: 'with manifest: columns under other names, as of run, e.g. prompt=question (default: none)',
    },
  },
  async run(args, io) {
    const name = text(args, 'what') ?? 'config';
    if (!isSchemaName(name))
      throw new InputError({ message: `unknown schema ${quote(name)}`, hint: suggest(name, SCHEMAS) });
    const map = text(args, 'map');
    if (map !== undefined && name !== 'manifest')
      throw new InputError({
        message: '--map is for the schema of a manifest',
        hint: 'earsight schema manifest --map …',
      });
    const parsed = map === undefined ? { map: {} } : parseMap(map);
    if ('problems' in parsed) throw new InputError(parsed.problems);
    const schema = name === 'manifest' ? manifestJsonSchema(parsed.map) : configJsonSchema();
    io.stdout.write(`${JSON.stringify(schema, null, 1)}\n`);
    return EXIT.done;
  },
};

const isSchemaName = (name: string): name is (typeof SCHEMAS)[number] => SCHEMAS.some((one) => one === name);
