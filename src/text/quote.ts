/** Shows text from untrusted files in a message. */

const MAX_SHOWN = 80; // characters: a message stays on a line of its own

/** Quotes text for a message: one line, cut, with control and direction characters made visible (a terminal would obey them). */
export function quote(text: string): string {
  return `"${visible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text)}"`;
}

/** Writes control and direction characters, line ends and lone surrogates as `\uXXXX`. */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
