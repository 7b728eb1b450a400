/** The schema of a configuration, the one source of checks, types and the JSON Schema. */

import { z } from 'zod';
import { ALL_FORMATS, isFormatName } from '../dataset/find-format.ts';
import { CSV_DELIMITERS, USUAL_CSV } from '../reporters/csv-format.ts';
import { REPORTERS, type ReporterName } from '../reporters/registry.ts';
import { DEFAULTS, QUEUE_AUTHS } from './defaults.ts';
import { gatesSchema } from './gate-schema.ts';
import { modelSchema, variantSchema } from './model-schema.ts';
import { stressSchema } from './stress/stress-schema.ts';

const formatNames = Object.keys(ALL_FORMATS).filter(isFormatName);
const reporterNames = Object.keys(REPORTERS).filter((name): name is ReporterName => Object.hasOwn(REPORTERS, name));

/** `{target: answer}`: the column `answer` of the file is read as `target`. */
const mapSchema = z
  .record(z.string(), z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]))
  .describe(
    'Columns of the file that are read as others: `{target: label}`; several for a list: `{image: [left, right]}`.',
  );

const datasetSchema = z
  .union([
    z.string().min(1),
    z.strictObject({
      path: z.string().min(1),
      format: z.enum(formatNames).exactOptional().describe('By the file’s ending and its first row if left out.'),
      mediaRoot: z
        .string()
        .min(1)
        .exactOptional()
        .describe(
          'Folder that media must lie in, or an https: URL that they are below; the manifest’s folder if left out.',
        ),
      allowRemoteMedia: z.boolean().default(false).describe('Whether media behind URLs may be fetched.'),
      maxMediaBytes: z.int().min(1).exactOptional().describe('Largest single media file.'),
      prompt: z
        .string()
        .min(1)
        .exactOptional()
        .describe('Prompt of rows without their own; `{{column}}` is filled in from the row.'),
      map: mapSchema.exactOptional(),
    }),
  ])
  .describe('The manifest, relative to this file.');

/** A scorer by name, or with its options, which the scorer itself checks. */
export const scorerSchema = z.union([
  z.string().min(1),
  z.looseObject({ name: z.string().min(1), weight: z.number().min(0).exactOptional() }),
]);

/** The whole file. */
export const configSchema = z.strictObject({
  $schema: z.string().exactOptional().describe('For editors; not read.'),
  name: z
    .string()
    .max(60)
    .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, {
      error: 'must start with a letter or digit and contain only letters, digits and . _ -',
    })
    .exactOptional()
    .describe('Part of the name of the run’s folder.'),
  dataset: datasetSchema,
  system: z.string().exactOptional().describe('Default system message; a model’s, a variant’s or a sample’s own wins.'),
  models: z.array(modelSchema).min(1),
  variants: z
    .array(z.union([variantSchema, stressSchema]))
    .min(1)
    .exactOptional(),
  scorers: z.array(scorerSchema).default([]).describe('For samples without scorers of their own.'),
  repeat: z.int().min(1).default(DEFAULTS.repeat).describe('Runs of every sample.'),
  seed: z.int().exactOptional().describe('Seed of everything random in a run.'),
  concurrency: z.int().min(1).exactOptional().describe('Requests in flight over all models.'),
  cache: z.boolean().default(DEFAULTS.cache).describe('Whether earlier answers to the same request are used again.'),
  maxCost: z.number().gt(0).exactOptional().describe('USD; cells that would exceed it are skipped.'),
  confirmAbove: z
    .number()
    .min(0)
    .default(DEFAULTS.confirmAbove)
    .describe('Expected USD above which a run on a terminal asks first.'),
  maxErrorRate: z
    .number()
    .min(0)
    .max(1)
    .default(DEFAULTS.maxErrorRate)
    .describe('Fraction of the cells of a model that may be missing.'),
  skipBroken: z
    .boolean()
    .default(DEFAULTS.skipBroken)
    .describe('Whether samples with missing or broken media are left out of every model instead of stopping the run.'),
  queue: z
    .strictObject({
      url: z.string().describe('redis:// or rediss://, with a password only as a reference.'),
      prefix: z
        .string()
        .min(1)
        .default(DEFAULTS.queue.prefix)
        .describe('Begins every name in Redis; one run at a time has it.'),
      chunk: z.int().min(1).max(100).default(DEFAULTS.queue.chunk).describe('Cells a job.'),
      auth: z
        .enum(QUEUE_AUTHS)
        .default(DEFAULTS.queue.auth)
        .describe('password: as the URL says; entra: a token of Entra ID, which needs rediss://.'),
    })
    .exactOptional()
    .describe('Workers on other machines ask the models.'),
  gates: gatesSchema.exactOptional().describe('Figures that a run must keep, by metric.'),
  reporters: z.array(z.enum(reporterNames)).default([...DEFAULTS.reporters]),
  csv: z
    .strictObject({
      bom: z.boolean().default(USUAL_CSV.bom).describe('Whether CSV files begin with a byte-order mark.'),
      delimiter: z.enum(CSV_DELIMITERS).default(USUAL_CSV.delimiter).describe('What separates the cells.'),
    })
    .default(USUAL_CSV)
    .describe('How CSV files are written.'),
});

export type ConfigEntry = z.infer<typeof configSchema>;

/** The JSON Schema of configuration files, in draft-07 for the YAML support of editors. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
}
