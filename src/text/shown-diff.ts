/** Writes word differences for a terminal, with the marks of `git diff --word-diff`, so that they do not need colour. */

import { escapeTerminal } from './escape-terminal.ts';
import type { DiffPart } from './word-diff.ts';

/** ECMA-48 select graphic rendition: red for what was removed, green for what was added. */
const COLORS = { removed: 31, added: 32 } as const;

/** One stretch, `[-removed-]` or `{+added+}`; the text must be one escaped line. */
function marked(kind: 'removed' | 'added', line: string, color: boolean): string {
  const text = kind === 'removed' ? `[-${line}-]` : `{+${line}+}`;
  return color ? `\u001b[${COLORS[kind]}m${text}\u001b[0m` : text;
}

/** `[-only A-] {+only B+}`: what the marks mean. */
export function diffLegend(removed: string, added: string, color: boolean): string {
  const [first, second] = [removed, added].map((name) => `only ${escapeTerminal(name)}`);
  return `${marked('removed', first ?? '', color)} ${marked('added', second ?? '', color)}`;
}

/** The lines of a difference. Each is escaped; the texts keep their own line ends. */
export function diffLines(parts: readonly DiffPart[], color: boolean): readonly string[] {
  const shown = parts.map(({ kind, text }) => {
    const lines = text.split(/\r\n|\n/u).map(escapeTerminal);
    if (kind === 'same') return lines.join('\n');
    return lines.map((line) => (line === '' ? '' : marked(kind, line, color))).join('\n');
  });
  return shown.join('').split('\n');
}
