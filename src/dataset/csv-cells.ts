/** Unpacks CSV cells that hold lists and objects. */

import { explainJson } from '../text/explain-json.ts';
import type { ColumnName, KnownColumn } from './columns.ts';
import type { Complain } from './defect.ts';

/**
 * Unpacks a cell that is not empty. Several media and tags are separated by `|` (`\\|` is the character itself) or are a
 * JSON list, several targets are a JSON list of texts (or in `target_2` and so on); `messages`, `turns`, `params` and
 * scorers with options are JSON. Everything else is plain text.
 */
export function unpackCell(column: KnownColumn, cell: string, complain: Complain): unknown {
  if (column.type === 'metadata') return cell;
  const { name } = column;
  switch (name) {
    case 'image':
    case 'audio':
    case 'document':
    case 'video':
    case 'file_name':
      return MEDIA_LIST.test(cell) ? parseList(name, cell, MEDIA_HINT, complain) : splitList(cell);
    case 'tags':
      return TEXT_LIST.test(cell) ? parseList(name, cell, TEXT_HINT, complain) : splitList(cell);
    case 'scorer':
      return /^\s*[[{]/.test(cell) ? parseJson(name, cell, complain) : splitList(cell);
    case 'messages':
    case 'turns':
    case 'params':
    case 'meta':
      return parseJson(name, cell, complain);
    case 'target':
      return TEXT_LIST.test(cell) ? parseList(name, cell, TEXT_HINT, complain) : cell;
    default:
      return cell;
  }
}

/** `[3, 4]` and `[1` are ordinary answers; a Python list of texts is most likely meant as a list. */
const TEXT_LIST = /^\s*\[\s*["']/;
const TEXT_HINT = 'several texts are a JSON list: ["...", "..."]; a single text that begins like a list needs one, too';

/** `[1].png` is the name of a file. */
const MEDIA_LIST = /^\s*\[(?:\s*["'{]|.*\]\s*$)/s;
const MEDIA_HINT = 'write a.png|b.png, or a JSON list: ["a.png", "b.png"]';

/** Splits at `|`; `\|` is the character itself, any other backslash is a backslash. */
export function splitList(cell: string): readonly string[] {
  return cell
    .split(/(?<!\\)\|/)
    .map((item) => item.replaceAll('\\|', '|').trim())
    .filter((item) => item !== '');
}

/** A cell that begins like a list must be one: as a single text it would be a wrong target, or no file. */
function parseList(name: ColumnName, cell: string, hint: string, complain: Complain): unknown {
  return parseJson(name, cell, (message) => complain(message, hint));
}

function parseJson(name: ColumnName, cell: string, complain: Complain): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    const { column, message, hint } = explainJson(cell);
    complain(`"${name}" ${message} (character ${column} of the cell)`, hint);
    return undefined;
  }
}
