/** The optional packages that the models of a run need for its samples. */

import { InputError, type Problem } from '../errors.ts';
import { missingPackages, type PackageNeed } from '../local/missing-packages.ts';
import { isLocalModelName, LOCAL_MODELS } from '../local/models/registry.ts';
import type { OptionalPackage } from '../local/optional-package.ts';
import type { ModelConfig, Sample } from '../types.ts';

/** Collects what is needed while the manifest is read. */
export interface PackageCheck {
  look(sample: Sample): void;
  /** What is missing, all packages at once; empty = nothing. */
  problems(): readonly Problem[];
}

/** `isThere` says whether a package is installed. */
export function createPackageCheck(
  models: readonly ModelConfig[],
  isThere?: (name: OptionalPackage) => boolean,
): PackageCheck {
  let hasMp3 = false;
  return {
    look({ messages, turns }) {
      hasMp3 ||= [...messages, ...turns].some(({ content }) =>
        content.some((part) => part.type === 'audio' && 'mediaType' in part.media && part.media.mediaType === MP3),
      );
    },
    problems: () =>
      missingPackages(
        models.flatMap((model) => needsOf(model, hasMp3)),
        isThere,
      ),
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

function needsOf({ id, provider, model, media }: ModelConfig, hasMp3: boolean): readonly PackageNeed[] {
  const embedded = provider === 'local' && isLocalModelName(model) ? LOCAL_MODELS[model] : undefined;
  const names: OptionalPackage[] = [...(embedded?.packages ?? [])];
  if (embedded?.medium === 'audio' && hasMp3) names.push('mpg123-decoder');
  if (media?.image?.maxEdge !== undefined) names.push('sharp');
  return names.map((name) => ({ name, by: `model "${id}"` }));
}
