/** Reads `--map prompt=question,target=answer`: columns of a manifest, each with the column of the file that is read for it. */

import type { Problem } from '../errors.ts';
import { quote } from '../text/quote.ts';
import { type ColumnMap, mapProblems } from './column-map.ts';

/** `image=left|right` reads two columns; a backslash before `,`, `=` or `|` makes it a part of a name. */
const SEPARATED = /(?:\\[\s\S]|[^\\,])+/gu;

/** The map, or everything that is wrong with it. */
export function parseMap(text: string): { readonly map: ColumnMap } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const map = new Map<string, string | readonly string[]>();
  for (const [entry] of text.matchAll(SEPARATED)) {
    const [, column = '', source = ''] = /^((?:\\[\s\S]|[^\\=])*)=([\s\S]*)$/u.exec(entry) ?? [];
    const names = source.match(/(?:\\[\s\S]|[^\\|])+/gu)?.map(plain) ?? [];
    const name = plain(column);
    const [first] = names;
    if (name === '' || first === undefined || first === '')
      problems.push({
        message: `--map: ${quote(entry)} is not column=name`,
        hint: 'for example --map prompt=question',
      });
    else if (map.has(name))
      problems.push({ message: `--map: ${quote(name)} is given twice`, hint: 'keep one of them' });
    else map.set(name, names.length === 1 ? first : names);
  }
  const columns: ColumnMap = Object.fromEntries(map);
  for (const { message, hint } of mapProblems(columns))
    problems.push({ message: `--map: ${message}`, ...(hint === undefined ? {} : { hint }) });
  if (problems.length > 0) return { problems };
  return map.size > 0
    ? { map: columns }
    : { problems: [{ message: '--map names no columns', hint: 'for example --map prompt=question' }] };
}

const plain = (text: string) => text.trim().replace(/\\([\s\S])/gu, '$1');
