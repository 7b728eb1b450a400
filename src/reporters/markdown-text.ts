/** Writes tables and untrusted text as Markdown. */

import { escapeTerminal } from '../text/escape-terminal.ts';

/** A table of escaped cells. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map(() => '---');
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Escapes untrusted text: no markup, HTML, mentions or broken tables. `@` is escaped only where GitHub would notify a
 * user, so `model@variant` stays readable.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text)
    .replace(/[\\`*_[\]|~#$]/gu, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<![\p{L}\p{N}])@/gu, '&#64;');
}
