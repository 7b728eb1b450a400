/** Loads the packages that decode and encode media, and names them with their versions. */

import { InputError, ProviderError } from '../errors.ts';
import { loadOptional, type OptionalPackage, type VersionOf } from '../optional-package.ts';

/** Bytes with their media type. */
export interface MediaContent {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/** Media as they are sent. */
export interface PreparedMedia extends MediaContent {
  /** The packages that made the bytes, with their versions; absent = the bytes are those of the manifest. */
  readonly codec?: string;
}

/** `heic-decode 2.1.0, sharp 0.35.5`. */
export function codecName(names: readonly OptionalPackage[], versionOf: VersionOf): string {
  return names.map((name) => `${name} ${versionOf(name)}`).join(', ');
}

/**
 * Runs the conversion of one medium; `name` is for messages.
 * @throws {ProviderError} kind `media` when a package is absent, or the medium cannot be decoded.
 */
export async function converting<T>(name: string, what: string, convert: () => Promise<T>): Promise<T> {
  try {
    return await convert();
  } catch (cause) {
    if (cause instanceof ProviderError) throw cause;
    if (cause instanceof InputError) {
      const [problem] = cause.problems;
      throw new ProviderError('media', `${name} cannot be ${what}: ${problem?.message}`, {
        ...(problem?.hint === undefined ? {} : { hint: `${problem.hint}, or leave media out` }),
        cause,
      });
    }
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new ProviderError('media', `${name} cannot be ${what}: ${reason}`, {
      hint: 'open the file in a viewer or player',
      cause,
    });
  }
}

/** @throws {InputError} with the command that installs the package. */
export function loadCodec<T>(name: OptionalPackage, load: () => Promise<T>): Promise<T> {
  return loadOptional(name, load, 'this needs');
}
