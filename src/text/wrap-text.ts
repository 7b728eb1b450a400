/** Wraps lines of text at blanks, by display width. */

import { displayWidth } from './display-width.ts';

/** Lines of at most `width` columns where blanks allow it; all but the first are indented. A longer word keeps a line to itself. */
export function wrapText(text: string, width: number, indent = '  '): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    const columns = displayWidth(word);
    if (line !== '' && used + 1 + columns > width) {
      lines.push(line);
      line = indent + word;
      used = displayWidth(indent) + columns;
    } else {
      used += (line === '' ? 0 : 1) + columns;
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
