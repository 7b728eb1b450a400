/** Loads a configuration: finds, reads and checks it as a whole, fills in defaults, and reports all problems at once. */

import { basename, dirname, resolve } from 'node:path';
import type { ColumnMap } from '../dataset/column-map.ts';
import type { FormatName } from '../dataset/find-format.ts';
import type { DatasetSource } from '../dataset/read-manifest.ts';
import { InputError } from '../errors.ts';
import type { Redaction } from '../io.ts';
import { isSecretHeader } from '../providers/secrets.ts';
import type { CsvFormat } from '../reporters/csv-format.ts';
import type { ReporterName } from '../reporters/registry.ts';
import { withAbsolutePaths } from '../scorers/registry.ts';
import { isRecord } from '../text/is-record.ts';
import type { ModelConfig, ScorerConfig } from '../types.ts';
import { type SchemaPlaces, schemaPositions } from './answer-schemas.ts';
import {
  columnMapProblems,
  duplicateIds,
  emptyParams,
  inlineProblems,
  modelProblems,
  scorersProblems,
  withEveryKey,
} from './checks.ts';
import { configFile } from './command-line/config-file.ts';
import { withNamedModels } from './command-line/named-models.ts';
import { crossedProblems } from './crossed-models.ts';
import { datasetProblems, datasetSource } from './dataset-source.ts';
import { type ConfigDocument, forbiddenNames, parseDocument } from './document.ts';
import { readEnvironment } from './environment.ts';
import { withSchemaFiles } from './files/schema-files.ts';
import type { ConfigFile } from './find-config.ts';
import { type Gate, gateProblems, gatesOf } from './gate-schema.ts';
import { isDefaultJudge, judgeProblems } from './judges.ts';
import { modalitiesOf } from './modalities.ts';
import { modelSchema, variantSchema } from './model-schema.ts';
import { byPosition } from './problems-by-position.ts';
import { type ResolvedTree, resolveReferences } from './references.ts';
import { resolveModel, type VariantOrStep } from './resolve-models.ts';
import { type ConfigEntry, configSchema, scorerSchema } from './schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { literalSecrets, referencesInNames } from './secrets.ts';
import { baseModelId } from './select-models.ts';
import {
  repeatedSteps,
  type StressPositions,
  stressPositions,
  stressSteps,
  untakenStress,
} from './stress/stress-steps.ts';
import { membersOf, type PathSet, pathKey, pathSet, type TreePath, type TreeProblem, valueAt } from './tree-problem.ts';
import { loadUserCode } from './user-code.ts';

/** What to load and how strictly. */
export interface ConfigContext {
  /** Absolute; relative paths start here. */
  readonly cwd: string;
  /** The real environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A configuration that a program gives; no file is read then. */
  readonly given?: object | undefined;
  /** Whether missing keys and unset `${NAME}` references are problems; default true. False for commands that send nothing. */
  readonly requireKeys?: boolean;
  /** Whether a run that others ask from a queue needs no keys; default false. */
  readonly unlessQueued?: boolean;
  /** Without `requireKeys`, whether unset references are still problems where they change the request; default false. */
  readonly requireWire?: boolean;
  /** Whether files of the user's own, which the configuration names as scorers or providers, may be run; default false. */
  readonly allowCode?: boolean | undefined;
  /** Ids that will be asked, or `provider:model`, which need no configuration: unset variables of other models are not problems. Default: all but judges. */
  readonly models?: readonly string[];
  /** Whether the judges of the default scorers will be asked, too; default false. */
  readonly asksJudges?: boolean;
  /** A manifest from the command line, relative to `cwd`; replaces path, format and media root of the configuration. */
  readonly dataset?: string;
  /** Whether the manifest must be there; default true. False where it may come from elsewhere. */
  readonly needsManifest?: boolean;
  /** Prompt of rows without their own; takes precedence over the configuration. */
  readonly prompt?: string;
  /** Columns of the manifest under other names; takes precedence over the configuration. */
  readonly map?: ColumnMap;
  /** The URL of models that are named as `provider:model`. */
  readonly endpoint?: string;
  /** How the manifest is written; takes precedence over the configuration. */
  readonly format?: FormatName;
  /** Of everything random; takes precedence over the configuration. */
  readonly seed?: number;
}

/** A valid configuration. */
export interface LoadedConfig {
  /** Absolute. */
  readonly path: string;
  /** As the user wrote it, or relative to the working directory. */
  readonly displayPath: string;
  /** Absolute; the configuration's paths are relative to it. */
  readonly directory: string;
  /** The real environment over `.env.local` over `.env`. */
  readonly env: Readonly<Record<string, string>>;
  /** As written, with `${NAME}` references: safe to store. */
  readonly raw: unknown;
  /** Hides the values that references were replaced by; absent = there are none. */
  readonly filledIn?: Redaction;
  readonly name: string;
  readonly dataset: DatasetSource;
  /** One for each model and variant, in configuration order. */
  readonly models: readonly ModelConfig[];
  /** Models that only the scorer `judge` asks. */
  readonly judges: readonly ModelConfig[];
  /** Where the file asks for each kind of stress; absent = for none. */
  readonly stressAt?: StressPositions;
  /** Where models have the form of their answers; absent = none has one. */
  readonly schemaAt?: SchemaPlaces;
  readonly scorers: readonly ScorerConfig[];
  readonly repeat: number;
  readonly seed?: number;
  /** Requests in flight over all models; absent = as many as the file limit of the process allows, at most 256. */
  readonly concurrency?: number;
  readonly cache: boolean;
  /** USD. */
  readonly maxCost?: number;
  /** USD. */
  readonly confirmAbove: number;
  /** Fraction of a model's cells. */
  readonly maxErrorRate: number;
  /** Whether samples with missing or broken media are left out instead of stopping the run. */
  readonly skipBroken: boolean;
  readonly reporters: readonly ReporterName[];
  /** How CSV files are written. */
  readonly csv: CsvFormat;
  /** Workers on other machines ask the models; absent = this process does. */
  readonly queue?: NonNullable<ConfigEntry['queue']>;
  /** Those that are not off; null = the file names none. */
  readonly gates: readonly Gate[] | null;
}

/**
 * Loads the configuration at `path` (relative to the working directory), or the one found there or above.
 * @throws {InputError} with every problem of the file, ordered by line.
 */
export async function loadConfig(path: string | undefined, asked: ConfigContext): Promise<LoadedConfig> {
  const file = await configFile(path, asked);
  const env = readEnvironment(dirname(file.path), dirname(file.displayPath), asked.env);
  const document = parseDocument(file.text, file.displayPath, file.format);
  const isQueued = asked.unlessQueued === true && valueAt(document.tree, ['queue']) !== undefined;
  const context = isQueued ? { ...asked, requireKeys: false } : asked;
  const written = withNamedModels(document.tree, context);
  const resolved = resolveReferences(document.tree, env);
  const directory = dirname(file.path);
  const schemas = withSchemaFiles(withNamedModels(withDataset(resolved.tree, context.dataset), context), directory);
  const { tree } = schemas;
  // First: what the code makes known decides which names are valid.
  const code = await loadUserCode(tree, directory, context.allowCode === true);
  const parsed = configSchema.safeParse(tree);
  const parts = checkedParts(tree, directory, context.seed ?? parsed.data?.seed);

  const early = [
    ...forbiddenNames(document.tree),
    ...literalSecrets(written),
    ...code,
    ...referencesInNames(document.tree),
    ...schemas.problems,
    ...resolved.malformed,
    ...resolved.missing.filter((problem) => needsEnvironment(tree, problem.path, context)),
  ];
  // The first of each path.
  const missing = new Map(resolved.missing.toReversed().map((problem) => [pathKey(problem.path), problem]));
  const unresolved = pathSet(
    [...early, ...resolved.missing].filter(({ path }) => path.length >= 2).map(({ path }) => path.slice(0, 2)),
  );
  const late = [
    ...schemaProblems(parsed.error?.issues ?? [], document.tree).map(
      (problem) => missing.get(pathKey(problem.path)) ?? problem,
    ),
    ...duplicateIds(tree, 'models'),
    ...duplicateIds(tree, 'variants'),
    ...crossedProblems(tree),
    ...repeatedSteps(tree),
    ...untakenStress(tree, parts),
    ...gateProblems(tree),
    ...scorersProblems(parts.scorers),
    ...judgeProblems(tree, parts),
    ...emptyParams(document),
    ...inlineProblems(tree),
    ...columnMapProblems(tree),
    ...parts.models.flatMap(({ index, models }) => {
      const modelPath = ['models', index];
      const keys = needsEnvironment(tree, modelPath, context) ? env : withEveryKey(env);
      return unresolved.covers(modelPath) ? [] : modelProblems(modelPath, models, keys);
    }),
    ...(await datasetProblems(tree, directory, context, missing)),
  ].filter(isBeside(pathSet(early.map(({ path }) => path))));
  if (early.length > 0 || late.length > 0 || parsed.data === undefined)
    throw new InputError(byPosition([...early, ...late], file, document, { ...resolved, tree }));

  return finish(
    file,
    env,
    written,
    parsed.data,
    {
      models: parts.models.flatMap(({ models, isJudge }) => (isJudge ? [] : models)),
      judges: parts.models.flatMap(({ models, isJudge }) => (isJudge ? models : [])),
    },
    context,
    { filledIn: resolved.filledIn, locate: document.locate },
  );
}

/** The valid entries, so that their further problems are reported together with the problems of the others. */
function checkedParts(tree: unknown, directory: string, seed: number | undefined) {
  const isCrossed = crossedProblems(tree).length === 0;
  const entries = isCrossed ? membersOf(valueAt(tree, ['variants'])) : [];
  const variants = entries.flatMap(([, entry]): readonly VariantOrStep[] => {
    const parsed = variantSchema.safeParse(entry);
    return parsed.success ? [parsed.data] : stressSteps(entry, seed);
  });
  const system = valueAt(tree, ['system']);
  const models = membersOf(valueAt(tree, ['models'])).flatMap(([index, entry]) => {
    const { data } = modelSchema.safeParse(entry);
    const modalities = data === undefined ? undefined : modalitiesOf(data);
    if (data === undefined || modalities === undefined) return [];
    return [
      {
        index,
        isJudge: data.role === 'judge',
        models: resolveModel(data, variants, { system: typeof system === 'string' ? system : undefined, modalities }),
      },
    ];
  });
  const scorers = membersOf(valueAt(tree, ['scorers'])).flatMap(([index, entry]) => {
    const { data } = scorerSchema.safeParse(entry);
    return data === undefined ? [] : [{ index, scorer: scorerOf(data, directory) }];
  });
  return { models, scorers };
}

function scorerOf(entry: ConfigEntry['scorers'][number], directory: string): ScorerConfig {
  const config = typeof entry === 'string' ? { name: entry } : entry;
  return withAbsolutePaths(config, (path) => resolve(directory, path));
}

function withDataset(tree: unknown, path: string | undefined): unknown {
  if (path === undefined || !isRecord(tree)) return tree;
  const { dataset } = tree;
  return { ...tree, dataset: isRecord(dataset) ? { ...dataset, path } : path };
}

/** Whether an unset variable at this path affects the selected models. */
function needsEnvironment(tree: unknown, path: TreePath, context: ConfigContext): boolean {
  const { requireKeys, requireWire = false, models } = context;
  if (requireKeys === false && !(requireWire && changesRequest(path))) return false;
  if (path[0] !== 'models') return true;
  const [id, role] = ['id', 'role'].map((name) => valueAt(tree, [...path.slice(0, 2), name]));
  if (context.asksJudges === true && role === 'judge' && isDefaultJudge(tree, id)) return true;
  if (models === undefined) return role !== 'judge';
  return models.some((wanted) => baseModelId(wanted) === id);
}

/** Whether a member of a model changes the request; a credential does not. */
function changesRequest([list, , member, name]: TreePath): boolean {
  if (list !== 'models' || member === undefined || member === 'auth') return false;
  return !(member === 'headers' && typeof name === 'string' && isSecretHeader(name));
}

/** Whether a problem is not below one of the paths, where it follows from another problem. */
const isBeside = (reported: PathSet) => (problem: TreeProblem) => !reported.covers(problem.path);

function finish(
  file: ConfigFile,
  env: Readonly<Record<string, string>>,
  raw: unknown,
  entry: ConfigEntry,
  { models, judges }: Pick<LoadedConfig, 'models' | 'judges'>,
  context: ConfigContext,
  { filledIn, locate }: Pick<ResolvedTree, 'filledIn'> & Pick<ConfigDocument, 'locate'>,
): LoadedConfig {
  const directory = dirname(file.path);
  const hiding = (list: readonly ModelConfig[]) =>
    filledIn === undefined ? list : list.map((model) => ({ ...model, filledIn }));
  const { $schema: _, system: _system, variants: _variants, ...rest } = entry;
  return {
    ...rest,
    path: file.path,
    displayPath: file.displayPath,
    directory,
    env,
    raw,
    name: entry.name ?? folderName(directory),
    dataset: datasetSource(file, entry.dataset, context, filledIn, locate),
    models: hiding(models),
    judges: hiding(judges),
    ...stressPositions(raw, file, locate),
    ...schemaPositions(raw, file, locate),
    ...(filledIn === undefined ? {} : { filledIn }),
    scorers: entry.scorers.map((scorer) => scorerOf(scorer, directory)),
    reporters: [...new Set(entry.reporters)],
    gates: entry.gates === undefined ? null : gatesOf(entry.gates),
  };
}

/** The name of the folder, reduced to characters that are safe in the name of a run folder. */
function folderName(directory: string): string {
  const plain = basename(directory)
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 60);
  return plain === '' ? 'run' : plain;
}
