/** How the cells of a workbook look, and how numbers are shown. */

import type { Column } from '../column.ts';

/** Indexes into `cellXfs` of `STYLES_XML`. `literal` keeps a text that looks like a formula a text when it is edited. */
export const STYLE = { general: 0, header: 1, text: 2, literal: 3, integer: 4, ms: 5, usd: 6, datetime: 7 } as const;

/** The style of cells that are what their column says. */
export function numberStyle({ type, unit }: Pick<Column<never>, 'type' | 'unit'>): number {
  if (type === 'datetime') return STYLE.datetime;
  if (unit !== undefined) return unit === 'ms' ? STYLE.ms : STYLE.usd;
  return type === 'integer' ? STYLE.integer : STYLE.general;
}

const TOP = '<alignment vertical="top"/>';
const WRAPPED = '<alignment vertical="top" wrapText="1"/>';

function format(numberFormat: number, alignment: string, more = ''): string {
  return `<xf numFmtId="${numberFormat}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"${more}>${alignment}</xf>`;
}

/** `xl/styles.xml`. Formats 164 and above are our own, 0 and 1 are built in. */
export const STYLES_XML = [
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
  '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
  '<numFmts count="3"><numFmt numFmtId="164" formatCode="0.0"/><numFmt numFmtId="165" formatCode="0.00########"/>',
  '<numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>',
  '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>',
  '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
  // Programs expect the first two fills to be these.
  '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
  '<fill><patternFill patternType="solid"><fgColor rgb="FFE7EBF0"/></patternFill></fill></fills>',
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
  '<cellXfs count="8">',
  format(0, TOP),
  `<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">${WRAPPED}</xf>`,
  format(0, WRAPPED),
  format(0, WRAPPED, ' quotePrefix="1"'),
  format(1, TOP),
  format(164, TOP),
  format(165, TOP),
  format(166, TOP),
  '</cellXfs>',
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
  '</styleSheet>\n',
].join('');
