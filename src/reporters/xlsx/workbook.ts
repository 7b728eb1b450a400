/** Writes a workbook: a ZIP file with one XML part for each sheet and those that connect them (ECMA-376). */

import { STYLES_XML } from './styles.ts';
import { zipStream } from './zip-stream.ts';

/** A sheet of a workbook. */
export interface Sheet {
  /** Plain letters, at most 31. */
  readonly name: string;
  readonly xml: AsyncIterable<string>;
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The bytes of the file. The sheets are read one after the other. */
export function workbook(sheets: readonly Sheet[]): AsyncGenerator<Uint8Array> {
  return zipStream([
    { name: '[Content_Types].xml', text: [contentTypes(sheets)] },
    { name: '_rels/.rels', text: [relationships([['officeDocument', 'xl/workbook.xml']])] },
    { name: 'xl/workbook.xml', text: [index(sheets)] },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: [relationships([...sheets.map((_, at) => ['worksheet', path(at)] as const), ['styles', 'styles.xml']])],
    },
    { name: 'xl/styles.xml', text: [STYLES_XML] },
    ...sheets.map(({ xml }, at) => ({ name: `xl/${path(at)}`, text: xml })),
  ]);
}

function path(index: number): string {
  return `worksheets/sheet${index + 1}.xml`;
}

function contentTypes(sheets: readonly Sheet[]): string {
  const part = (name: string, type: string) =>
    `<Override PartName="/xl/${name}" ContentType="${CONTENT}.${type}+xml"/>`;
  return [
    `${XML}<Types xmlns="${PACKAGE}/content-types">`,
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
    '<Default Extension="xml" ContentType="application/xml"/>',
    part('workbook.xml', 'sheet.main'),
    part('styles.xml', 'styles'),
    ...sheets.map((_, at) => part(path(at), 'worksheet')),
    '</Types>\n',
  ].join('');
}

/** Ids are `rId1` and so on, in order. */
function relationships(targets: readonly (readonly [type: string, target: string])[]): string {
  const items = targets.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>\n`;
}

function index(sheets: readonly Sheet[]): string {
  const items = sheets.map(({ name }, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`);
  return [
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><bookViews><workbookView/></bookViews>`,
    `<sheets>${items.join('')}</sheets></workbook>\n`,
  ].join('');
}
