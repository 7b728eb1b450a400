/** JSON for standard output: readable by programs, and safe on a terminal. */

/** What terminals obey and JSON leaves as it is: DEL, C1, line separators, and bidirectional controls, which reorder text. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The same value as `JSON.stringify` writes; unsafe characters are escapes such as `\u202e`. */
export function terminalJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
