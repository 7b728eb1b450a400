/** Shows text of strangers as it is: characters that hide or reorder other text are written as escapes. */

import { escapeTerminal } from '../text/escape-terminal.ts';

/** Line breaks and tabs stay. */
export function visibleText(text: string): string {
  return text
    .split(/(\r\n|\n|\t)/u)
    .map((piece, index) => (index % 2 === 1 ? (piece === '\t' ? '\t' : '\n') : escapeTerminal(piece)))
    .join('');
}

/** The first characters in one line. */
export function firstLine(text: string, characters: number): string {
  const short = text.slice(0, characters).replace(/\s+/gu, ' ');
  return escapeTerminal(text.length > characters ? `${short.replace(/[\uD800-\uDBFF]$/u, '')}…` : short);
}
