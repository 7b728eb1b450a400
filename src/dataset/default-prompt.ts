/** The prompt of rows that have none: a text of the configuration, filled in from the other columns and with its media in place. */

import { MEDIUM_KINDS, type MediumKind } from '../modalities.ts';
import { isRecord } from '../text/is-record.ts';
import { nearestName } from '../text/nearest-name.ts';
import { fillPlaceholders, placeholdersOf } from '../text/placeholders.ts';
import { quote } from '../text/quote.ts';
import { COLUMN_NAMES } from './columns.ts';
import { aboutColumn, type Complain } from './defect.ts';
import type { DraftPart } from './draft.ts';
import { parseContent } from './parse-content.ts';
import { parseQuestion } from './parse-messages.ts';
import { metadataText } from './parse-values.ts';
import type { RawRow } from './raw-row.ts';
import type { Fields } from './read-fields.ts';

/** Columns beside metadata that a prompt may name. */
const COLUMNS = ['id', 'group'] as const;

/** `{{image}}` is the place of the next image, the last one that of all that remain; `{{image_2}}` is the second one. */
const MEDIA = new RegExp(`^(${MEDIUM_KINDS.join('|')})(?:_(\\d{1,4}))?$`);

/** Receives a name that no column has; the message and hint follow the name in braces. */
export type ReportUnknown = (name: string, hint: string) => void;

/** The content of a row: undefined when it lacks a value that the prompt names, or media are invalid, which is reported. */
export type PromptFiller = (row: RawRow, fields: Fields, complain: Complain) => readonly DraftPart[] | undefined;

/** Names in the prompt that are no columns of the first row are reported once, and all rows without a prompt are left out. */
export function createPromptFiller(prompt: string, reportUnknown: ReportUnknown): PromptFiller {
  const names = [...new Set(placeholdersOf(prompt))];
  let isUsable: boolean | undefined;
  return (row, fields, complain) => {
    isUsable ??= checkNames(names, [...namesOf(row), ...Object.keys(fields.metadata)], reportUnknown);
    if (!isUsable) return undefined;
    const media = parseQuestion({ ...fields.values, prompt: undefined }, '', complain);
    const pieces = fillText(prompt, names, fields, media ?? [], complain);
    if (pieces === undefined || media === undefined) return undefined;
    if (pieces.some((piece) => typeof piece !== 'string')) return placeMedia(pieces, media);
    const text = prompt === '' ? [] : parseContent(pieces.join(''), '"prompt"', aboutColumn(complain, 'prompt'));
    return text && [...text, ...media];
  };
}

/** The names that a prompt may use for this row. */
function namesOf(row: RawRow): readonly string[] {
  if (!('columns' in row)) {
    const { meta } = row.values;
    const names = [...Object.keys(row.values), ...(isRecord(meta) ? Object.keys(meta) : [])];
    return names.map((name) => name.replace(/^meta\./, ''));
  }
  return row.columns.map((column) => (column.type === 'metadata' ? column.key : column.name));
}

function checkNames(names: readonly string[], known: readonly string[], reportUnknown: ReportUnknown): boolean {
  const usable = [...new Set([...known.filter((name) => !NEVER.has(name)), ...COLUMNS, ...MEDIUM_KINDS])];
  const unknown = names.filter((name) => !MEDIA.test(name) && !usable.includes(name.replace(/^meta\./, '')));
  for (const name of unknown) {
    const nearest = nearestName(name.replace(/^meta\./, ''), usable);
    const columns = usable.slice(0, MAX_LISTED).map(quote).join(', ');
    reportUnknown(name, nearest === undefined ? `known: ${columns}` : `did you mean "{{${nearest}}}"?`);
  }
  return unknown.length === 0;
}

/** Columns of a manifest that no prompt may use: the answer, and what is no text. */
const NEVER: ReadonlySet<string> = new Set(COLUMN_NAMES.filter((name) => name !== 'id' && name !== 'group'));

/** Columns that a message lists. */
const MAX_LISTED = 20;

/** The prompt with each `{{column}}` (or `{{meta.key}}`) replaced, and media left as they are. */
function fillText(
  prompt: string,
  names: readonly string[],
  { values, metadata }: Fields,
  media: readonly DraftPart[],
  complain: Complain,
): readonly (string | Place)[] | undefined {
  const lookUp = (name: string): string | undefined => {
    const key = name.replace(/^meta\./, '');
    if (Object.hasOwn(metadata, key)) return metadata[key];
    const column = COLUMNS.find((known) => known === name);
    const value = column === undefined ? undefined : values[column];
    return value === undefined ? undefined : metadataText(value);
  };
  const absent = names.filter((name) => {
    const place = placeOf(name);
    return place === undefined
      ? lookUp(name) === undefined
      : mediaOf(media, place.kind)[place.number - 1] === undefined;
  });
  for (const name of absent)
    complain(`has no ${quote(name)} for the prompt of the configuration`, `write it, or a "prompt" in this row`, {
      column: columnOfName(name),
    });
  if (absent.length > 0) return undefined;
  const pieces: (string | Place)[] = [];
  let end = 0;
  for (const { index, 0: whole, 1: name = '' } of prompt.matchAll(PLACE)) {
    const place = placeOf(name.trim());
    if (place === undefined) continue;
    pieces.push(prompt.slice(end, index), place);
    end = index + whole.length;
  }
  pieces.push(prompt.slice(end));
  return pieces.map((piece) =>
    typeof piece === 'string' ? fillPlaceholders(piece, (name) => lookUp(name) ?? '') : piece,
  );
}

/** The column that a row lacks a value in. */
function columnOfName(name: string): string {
  const isOurs = placeOf(name) !== undefined || COLUMNS.some((column) => column === name);
  return isOurs || name.startsWith('meta.') ? name : `meta.${name}`;
}

/** As in `text/placeholders.ts`. */
const PLACE = /\{\{([^{}]+)\}\}/g;

/** Where media go. */
interface Place {
  readonly kind: MediumKind;
  /** From 1. */
  readonly number: number;
  /** Whether the name has a number: the medium of that number, instead of the next one. */
  readonly isNumbered: boolean;
}

function placeOf(name: string): Place | undefined {
  const [, written, number] = MEDIA.exec(name) ?? [];
  const kind = MEDIUM_KINDS.find((one) => one === written);
  if (kind === undefined) return undefined;
  return { kind, number: Number(number ?? 1), isNumbered: number !== undefined };
}

/** A file whose bytes decide what it is may be any. */
function mediaOf(media: readonly DraftPart[], kind: Place['kind']): readonly DraftPart[] {
  return media.filter(({ type }) => type === kind || type === 'file');
}

/** Text and media in the order of the prompt; media without a place follow. Pieces of blanks alone are left out. */
function placeMedia(pieces: readonly (string | Place)[], media: readonly DraftPart[]): readonly DraftPart[] {
  const places = pieces.filter((piece) => typeof piece !== 'string');
  const numbered = new Set(
    places.filter(({ isNumbered }) => isNumbered).map(({ kind, number }) => mediaOf(media, kind)[number - 1]),
  );
  const placed = new Set<DraftPart>();
  const next = (place: Place): readonly DraftPart[] => {
    const all = mediaOf(media, place.kind);
    if (place.isNumbered) return all.slice(place.number - 1, place.number);
    const free = all.filter((part) => !placed.has(part) && !numbered.has(part));
    const isLast = places.findLast(({ kind, isNumbered }) => kind === place.kind && !isNumbered) === place;
    return isLast ? free : free.slice(0, 1);
  };
  const content = pieces.flatMap((piece): readonly DraftPart[] => {
    if (typeof piece === 'string') return piece.trim() === '' ? [] : [{ type: 'text', text: piece }];
    const parts = next(piece);
    for (const part of parts) placed.add(part);
    return parts;
  });
  return [...content, ...media.filter((part) => !placed.has(part))];
}
