/** The optional packages that a run needs: its models for its samples, and its reporters. */

import { InputError, type Problem } from '../errors.ts';
import { missingPackages, type PackageNeed } from '../local/missing-packages.ts';
import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import { sendsPages } from '../media/document-pages.ts';
import { isDecoded } from '../media/sent-form.ts';
import { isEmbedded } from '../models/embedded.ts';
import { installedVersion, type OptionalPackage, type VersionOf } from '../optional-package.ts';
import type { Reporter } from '../report.ts';
import { REPORTERS, type ReporterName } from '../reporters/registry.ts';
import type { ModelConfig, Sample } from '../types.ts';
import { mediaRulesOf } from './model-provider.ts';

/** Collects what is needed while the manifest is read. */
export interface PackageCheck {
  look(sample: Sample): void;
  /** What is missing, all packages at once; empty = nothing. */
  problems(): readonly Problem[];
  /** The packages that change media before they are sent, with their versions. */
  codecs(versionOf?: VersionOf): readonly string[];
}

export interface PackageCheckOptions {
  /** Reporters that will write files. */
  readonly reporters?: readonly ReporterName[];
  /** Says whether a package is installed. */
  readonly isThere?: (name: OptionalPackage) => boolean;
}

export function createPackageCheck(
  models: readonly ModelConfig[],
  { reporters = [], isThere }: PackageCheckOptions = {},
): PackageCheck {
  const types = new Set<string>();
  return {
    look({ messages, turns }) {
      for (const { content } of [...messages, ...turns])
        for (const part of content)
          if (part.type !== 'text' && 'mediaType' in part.media) types.add(part.media.mediaType);
    },
    problems: () =>
      missingPackages(
        [
          ...models.flatMap((model) => [...needsOf(model, types), ...namedBy(model, codecsOf(model, types))]),
          ...(types.has(PDF) ? [{ name: '@hyzyla/pdfium', by: 'documents' } as const] : []),
          ...reporters.flatMap(writtenBy),
        ],
        isThere,
      ),
    codecs: (versionOf = installedVersion) =>
      [...new Set(models.flatMap((model) => codecsOf(model, types)))].map((name) => `${name} ${versionOf(name)}`),
  };
}

/**
 * Waits for the check of the manifest.
 * @throws {InputError} with all packages that are missing and the problems of the manifest.
 */
export async function checkedWithPackages<T>(check: Promise<T>, packages: PackageCheck): Promise<T> {
  const checked = await check.catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([...packages.problems(), ...error.problems], { cause: error });
  });
  const problems = packages.problems();
  if (problems.length > 0) throw new InputError(problems);
  return checked;
}

const MP3 = 'audio/mpeg';
const PDF = 'application/pdf';

function namedBy({ id }: ModelConfig, names: readonly OptionalPackage[]): readonly PackageNeed[] {
  return names.map((name) => ({ name, by: `model "${id}"` }));
}

/** A report that cannot be written is said before anything is paid. */
function writtenBy(name: ReporterName): readonly PackageNeed[] {
  const { packages = [] }: Reporter = REPORTERS[name];
  return packages.map((one) => ({ name: one, by: `reporter "${name}"` }));
}

function needsOf(config: ModelConfig, types: ReadonlySet<string>): readonly PackageNeed[] {
  const { model } = config;
  const embedded = isEmbedded(config) && isLocalModelName(model) ? LOCAL_MODELS[model] : undefined;
  const names: OptionalPackage[] = [...(embedded?.packages ?? [])];
  if (embedded?.medium === 'audio' && types.has(MP3)) names.push('mpg123-decoder');
  return namedBy(config, names);
}

/** Decoders by media type; what is inside Ogg is known only when it is opened. */
const DECODERS: Readonly<Record<string, readonly OptionalPackage[]>> = {
  [MP3]: ['mpg123-decoder'],
  'audio/flac': ['@wasm-audio-decoders/flac'],
  'audio/ogg': ['@wasm-audio-decoders/ogg-vorbis', 'ogg-opus-decoder'],
  'image/heic': ['heic-decode'],
  'image/heif': ['heic-decode'],
};

/** What the media settings of a model need for media of these types. */
function codecsOf(model: ModelConfig, types: ReadonlySet<string>): readonly OptionalPackage[] {
  const { media } = model;
  if (media === undefined) return [];
  const rules = mediaRulesOf(model);
  const decoded = [...types].filter((type) =>
    type.startsWith('image/')
      ? media.image !== undefined
      : type.startsWith('audio/') && rules.audio !== undefined && isDecoded(type, rules.audio, rules.audioTypes),
  );
  const hasImages = decoded.some((type) => type.startsWith('image/'));
  return [
    ...(media.image?.maxEdge !== undefined || hasImages ? (['sharp'] as const) : []),
    ...decoded.flatMap((type) => DECODERS[type] ?? []),
    ...(sendsPages(model) && types.has(PDF) ? (['@hyzyla/pdfium'] as const) : []),
  ];
}
