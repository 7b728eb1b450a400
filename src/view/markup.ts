/** Builds HTML from texts; whatever is not markup already is escaped. */

import { escapeTerminal } from '../text/escape-terminal.ts';

/** HTML that may be sent as it is. */
export interface Markup {
  readonly html: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attributes. Control and direction characters are shown, because they would reorder the page. */
export function escapeHtml(text: string): string {
  return escapeTerminal(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/**
 * A template whose values are escaped, except for markup.
 * @example markup`<td>${run.name}</td>`
 */
export function markup(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  return { html: parts.map((part, index) => part + rendered(values[index])).join('') };
}

/** No markup, for what is left out. */
export const NOTHING: Markup = { html: '' };

function rendered(value: string | number | Markup | readonly Markup[] | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'html' in value ? value.html : value.map(({ html }) => html).join('');
}
