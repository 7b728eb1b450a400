/** Unpacks CSV cells that hold lists and objects. */

import { explainJson } from '../text/explain-json.ts';
import type { ColumnName, KnownColumn } from './columns.ts';
import type { Complain } from './defect.ts';

/**
 * Unpacks a cell that is not empty. Several media, tags and scorers are separated by `|` (`\|` is the character itself);
 * several targets are a JSON list of texts (or in `target_2` and so on); `messages`, `turns`, `params` and scorers with
 * options are JSON. Everything else is plain text.
 */
export function unpackCell(column: KnownColumn, cell: string, complain: Complain): unknown {
  if (column.type === 'metadata') return cell;
  const { name } = column;
  switch (name) {
    case 'image':
    case 'audio':
    case 'file_name':
    case 'tags':
      return splitList(cell);
    case 'scorer':
      return /^\s*[[{]/.test(cell) ? parseJson(name, cell, complain) : splitList(cell);
    case 'messages':
    case 'turns':
    case 'params':
    case 'meta':
      return parseJson(name, cell, complain);
    case 'target':
      return parseTextList(cell) ?? cell;
    default:
      return cell;
  }
}

/** Splits at `|`; `\|` is the character itself, any other backslash is a backslash. */
export function splitList(cell: string): readonly string[] {
  return cell
    .split(/(?<!\\)\|/)
    .map((item) => item.replaceAll('\\|', '|').trim())
    .filter((item) => item !== '');
}

/** A JSON list of texts, or undefined: `[3, 4]` and `[1` are ordinary answers. */
function parseTextList(cell: string): readonly string[] | undefined {
  if (!/^\s*\[\s*"/.test(cell)) return undefined;
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
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
