/** Turns values of other formats into those of a manifest of ours. */

import type { Members } from './foreign-format.ts';

/** Targets as text. Other numbers than whole ones stay what they are: the manifest reader rejects them, because JSON makes 42.1 of 42.10. */
export function targetsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(targetsOf);
  return Number.isSafeInteger(value) ? String(value) : value;
}

/** Members that the format does not define, as metadata: nothing of a sample is lost. */
export function asMetadata(members: Members): Members {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [`meta.${name}`, value]));
}

/** The options of a multiple-choice question, each on a line with its letter. */
export function optionLines(options: readonly (readonly [letter: string, text: string])[], mark: '.' | ')'): string {
  return options.map(([letter, text]) => `${letter}${mark} ${text}`).join('\n');
}
