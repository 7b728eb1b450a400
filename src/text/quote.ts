/** Quotes untrusted text in messages. */

const MAX_SHOWN = 80; // characters, so that a message stays short

/** Quotes text for a message: cut, on one line, with control and direction characters (which terminals obey) made visible. */
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
