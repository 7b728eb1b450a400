/** The files that `earsight init` writes, by their path: an example, or a configuration for a dataset of the user's own. */

import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readBytesSync } from '../../files/open-file.ts';
import type { MediumKind } from '../../modalities.ts';
import type { Modality } from '../../types.ts';
import { configJsonSchema } from '../schema.ts';
import { configTemplate, SCHEMA_FILE } from './config-template.ts';
import { TASKS, type Task, type TaskName } from './example-task.ts';
import { DEFAULT_PROMPTS, mediaManifest } from './media-manifest.ts';
import { type MediaFolder, type ReadableDataset, surveyDataset } from './survey-dataset.ts';

/** Contents by path, relative to the folder of the configuration, with `/`. */
export type StarterFiles = Readonly<Record<string, string | Uint8Array>>;

export const CONFIG_FILE = 'earsight.config.yaml';
const MANIFEST_FILE = 'manifest.csv';

/** Where the package has the media of the example. */
const MEDIA = new URL('../../../examples/media/', import.meta.url);

/** An example that the embedded models answer: no account, no key, no network. */
export function exampleFiles(name: TaskName): StarterFiles {
  const task: Task = TASKS[name];
  const media = task.media.map((file) => [`media/${file}`, readBytesSync(filePath(file))] as const);
  const config = configTemplate({
    dataset: MANIFEST_FILE,
    datasetNote: 'relative to this file',
    system: task.system,
    scorers: { value: task.scorers, reason: task.reason },
    modalities: ['text', ...mediaOf(task)],
    note: task.note,
  });
  return {
    [CONFIG_FILE]: config,
    ...schemaFile(),
    [MANIFEST_FILE]: `${task.manifest.join('\n')}\n`,
    ...Object.fromEntries(media),
  };
}

const filePath = (name: string) => fileURLToPath(new URL(name, MEDIA));

const mediaOf = ({ media }: Task): readonly Modality[] =>
  media.map((file) => (file.endsWith('.wav') ? 'audio' : 'image'));

const schemaFile = (): StarterFiles => ({ [SCHEMA_FILE]: `${JSON.stringify(configJsonSchema(), null, 1)}\n` });

/** What the user said of their dataset. */
export interface FromOptions {
  /** Absolute; the folder that the files are written to. */
  readonly cwd: string;
  /** As written, relative to `cwd`. */
  readonly from: string;
  /** Prompt of samples without their own. */
  readonly prompt?: string | undefined;
  /** Decides system message and scorers; absent = by the targets. */
  readonly task?: TaskName | undefined;
}

/**
 * A configuration for a dataset, and for a folder of media its manifest.
 * @throws {InputError} when nothing of the dataset can be read.
 */
export async function filesFor(options: FromOptions): Promise<StarterFiles> {
  const survey = await surveyDataset(resolve(options.cwd, options.from), options.from);
  return survey.type === 'media' ? filesForMedia(survey, options) : filesForDataset(survey, options);
}

function filesForMedia({ files }: MediaFolder, { cwd, from, prompt, task }: FromOptions): StarterFiles {
  const below = pathBelow(cwd, from);
  const kinds = new Set(files.map(({ kind }) => kind));
  const config = configTemplate({
    dataset:
      below === undefined
        ? `{path: ${MANIFEST_FILE}, mediaRoot: ${JSON.stringify(slashed(relative(cwd, resolve(cwd, from))))}}`
        : MANIFEST_FILE,
    datasetNote: 'fill in the column target to score the answers',
    ...settingsOf(task),
    modalities: [...kinds],
  });
  const manifest = mediaManifest(files, below === undefined || below === '' ? '' : `${below}/`, prompt);
  return { [CONFIG_FILE]: config, ...schemaFile(), [MANIFEST_FILE]: manifest };
}

function filesForDataset(
  { modalities, needsPrompt, hasScorers, scorer }: ReadableDataset,
  { cwd, from, prompt, task }: FromOptions,
): StarterFiles {
  const path = yamlText(slashed(relative(cwd, resolve(cwd, from))) || '.');
  const asked = prompt ?? (needsPrompt ? DEFAULT_PROMPTS[promptKind(modalities)] : undefined);
  const byTargets =
    scorer === undefined || hasScorers
      ? {}
      : { scorers: { value: `[${scorer}]`, reason: 'by the look of the targets' } };
  const config = configTemplate({
    dataset: asked === undefined ? path : `{path: ${path}, prompt: ${JSON.stringify(asked)}}`,
    datasetNote: 'relative to this file',
    ...byTargets,
    ...settingsOf(task),
    modalities,
  });
  return { [CONFIG_FILE]: config, ...schemaFile() };
}

/** Rows of an unknown medium are most often about images. */
function promptKind(modalities: readonly Modality[]): MediumKind {
  return (['audio', 'image', 'document', 'video'] as const).find((kind) => modalities.includes(kind)) ?? 'image';
}

function settingsOf(task: TaskName | undefined) {
  if (task === undefined) return {};
  const { system, scorers, reason } = TASKS[task];
  return { system, scorers: { value: scorers, reason } };
}

/** The path of a folder below another one, links resolved, with `/`; undefined when it is elsewhere. */
function pathBelow(folder: string, path: string): string | undefined {
  const [root, real] = [realpathSync(folder), realpathSync(resolve(folder, path))];
  const below = relative(root, real);
  const isElsewhere = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below);
  return isElsewhere ? undefined : slashed(below);
}

const slashed = (path: string) => path.replaceAll(sep, '/');

/** Plain where YAML reads it as the same text, in a flow mapping too. */
const yamlText = (text: string) =>
  /^[\w./-]*[a-z/][\w./-]*$/i.test(text) && !text.startsWith('-') ? text : JSON.stringify(text);
