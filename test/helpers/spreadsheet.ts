/** Reads an XLSX file with SheetJS, which shares no code with our writer. */

import { read, type Sheet2JSONOpts, utils, type WorkBook, type WorkSheet } from '@e965/xlsx';
import { unzipSync } from 'fflate';
import type { ReportFile } from '../../src/report.ts';

type Content = ReportFile['content'];

/** All bytes of a file. */
export async function bytesOf(content: Content): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** The workbook as another program sees it. */
export function openWorkbook(bytes: Buffer): WorkBook {
  return read(bytes, { cellStyles: true, cellNF: true });
}

/** A sheet by name. */
export function sheetOf(book: WorkBook, name: string): WorkSheet {
  const sheet = book.Sheets[name];
  if (sheet === undefined) throw new Error(`no sheet ${name}`);
  return sheet;
}

/** The cells of a sheet, row by row with the header; null = empty. */
export function cellsOf(sheet: WorkSheet): readonly (readonly unknown[])[] {
  const options: Sheet2JSONOpts = { header: 1, defval: null, blankrows: true };
  return utils.sheet_to_json<unknown[]>(sheet, options);
}

/** The XML parts inside of the file by name. */
export function partsOf(bytes: Buffer): ReadonlyMap<string, string> {
  return new Map(Object.entries(unzipSync(bytes)).map(([name, part]) => [name, Buffer.from(part).toString('utf8')]));
}
