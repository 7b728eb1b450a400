/** `earsight schema`: prints the JSON Schema of configurations or of manifest rows, for editors and other programs. */

import { type Command, text } from '../command.ts';
import { configJsonSchema } from '../config/schema.ts';
import { manifestJsonSchema } from '../dataset/row-schema.ts';
import { EXIT, InputError } from '../errors.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';

const SCHEMAS = { config: configJsonSchema, manifest: manifestJsonSchema } as const;

export const schemaCommand: Command = {
  example: ['earsight schema manifest > manifest.schema.json', 'complete a YAML manifest in an editor'],
  positionals: { what: 'config, or manifest for the rows of JSONL and YAML manifests (default: config)' },
  options: {},
  async run(args, io) {
    const name = text(args, 'what') ?? 'config';
    if (!isSchemaName(name))
      throw new InputError({ message: `unknown schema ${quote(name)}`, hint: suggest(name, Object.keys(SCHEMAS)) });
    io.stdout.write(`${JSON.stringify(SCHEMAS[name](), null, 1)}\n`);
    return EXIT.done;
  },
};

const isSchemaName = (name: string): name is keyof typeof SCHEMAS => Object.hasOwn(SCHEMAS, name);
