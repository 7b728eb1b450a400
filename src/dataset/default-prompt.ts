/** The prompt of rows that have none: a text of the configuration, filled in from the other columns. */

import { fillPlaceholders, placeholdersOf } from '../text/placeholders.ts';
import { quote } from '../text/quote.ts';
import type { Complain } from './defect.ts';
import { metadataText } from './parse-values.ts';
import type { Fields } from './read-fields.ts';

/** Columns beside metadata that a prompt may name. */
const COLUMNS = ['id', 'group'] as const;

/**
 * Replaces each `{{column}}` (or `{{meta.key}}`) by the row's value. Undefined when the row lacks one, which is reported:
 * a question without its subject costs money and tells nothing.
 */
export function fillPrompt(prompt: string, { values, metadata }: Fields, complain: Complain): string | undefined {
  const lookUp = (name: string): string | undefined => {
    const key = name.replace(/^meta\./, '');
    if (Object.hasOwn(metadata, key)) return metadata[key];
    const column = COLUMNS.find((known) => known === name);
    const value = column === undefined ? undefined : values[column];
    return value === undefined ? undefined : metadataText(value);
  };
  const absent = [...new Set(placeholdersOf(prompt))].filter((name) => lookUp(name) === undefined);
  for (const name of absent)
    complain(`has no ${quote(name)} for the prompt of the configuration`, `write it, or a "prompt" in this row`);
  return absent.length > 0 ? undefined : fillPlaceholders(prompt, (name) => lookUp(name) ?? '');
}
