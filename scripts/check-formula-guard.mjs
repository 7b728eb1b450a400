// Opens guarded cells with Gnumeric and LibreOffice Calc and counts formulas: node scripts/check-formula-guard.mjs
// Debian: apt-get install --no-install-recommends gnumeric libreoffice-calc-nogui
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { csvTable } from '../dist/reporters/csv-table.js';
import { guard, unguard } from '../dist/reporters/formula-guard.js';

const HIDDEN = [
  '',
  "'",
  '"',
  '""',
  '\t',
  '\r',
  '\n',
  ' ',
  '\u00a0',
  '\u0000',
  '\u0001',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00ad',
  '\u034f',
  '\u061c',
  '\u115f',
  '\u1680',
  '\u180e',
  '\u2000',
  '\u200b',
  '\u200e',
  '\u2028',
  '\u202e',
  '\u205f',
  '\u2060',
  '\u2066',
  '\u2800',
  '\u3000',
  '\u3164',
  '\ufe0f',
  '\ufeff',
  '\uffa0',
  '\u{e0001}',
  '\u{1d173}',
  ' \t ',
  '\u2800\u3164',
  '"\'"',
  '\n\n',
];
const SIGNS = [...'=+-@−⁺⁻⁼₊₋₌﹢﹣﹦﹫＋－＝＠'];
const PAYLOADS = ['1+1', 'SUM(1,2)', "cmd|' /C calc'!A0", 'HYPERLINK("https://example.org","a")', 'A1', '1+1"', '1+1;'];
const STARTS = [
  '',
  'a;',
  'a\t',
  'a\n',
  'a\r\n',
  'a,',
  '";',
  'a"\n',
  ';;',
  '\n;',
  'a;"',
  'a;""',
  '"a";',
  '-5;',
  '-5\n',
  '1\r',
];
const NUMBERS = ['-5', '+3', '-1,234.56', '+.5', '-1e-5', '-0', '+49301234567'];

const corpus = [
  ...SIGNS.flatMap((sign) => PAYLOADS.map((payload) => `${sign}${payload}`)),
  ...HIDDEN.flatMap((hidden) => SIGNS.map((sign) => `${hidden}${sign}1+1`)),
  ...STARTS.flatMap((start) =>
    HIDDEN.flatMap((hidden) => ['=', '-', '@'].map((sign) => `${start}${hidden}${sign}1+1`)),
  ),
  ...STARTS.flatMap((start) => SIGNS.flatMap((sign) => PAYLOADS.map((payload) => `${start}${sign}${payload};b`))),
  ...NUMBERS,
  ...NUMBERS.map((number) => `${number};b`),
  ...NUMBERS.map((number) => `${number}\nb`),
];
const undone = corpus.filter((text) => unguard(guard(text)) !== text);
if (undone.length > 0) throw new Error(`cannot be undone: ${JSON.stringify(undone.slice(0, 3))}`);

const folder = mkdtempSync(join(tmpdir(), 'earsight-guard-'));
try {
  let formulas = 0;
  for (const [name, guarded] of [
    ['as it is', false],
    ['guarded', true],
  ])
    for (const separator of [',', ';', '\t']) {
      const path = join(folder, 'cells.csv');
      writeFileSync(path, await table(guarded));
      for (const [program, open] of [
        ['Gnumeric', gnumeric],
        ['LibreOffice', libreOffice],
      ]) {
        const found = open(path, separator);
        console.log(
          `${program}, ${corpus.length} texts ${name}, read with ${JSON.stringify(separator)}: ${found.length} formulas`,
        );
        // Without the guard there must be some, or this script checks nothing.
        if (!guarded && found.length === 0) throw new Error(`${program} reads no text as a formula`);
        if (guarded) {
          formulas += found.length;
          for (const formula of found.slice(0, 5)) console.log(`  ${JSON.stringify(formula)}`);
        }
      }
    }
  process.exitCode = formulas === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Each text first, in the middle and last in its row. */
async function table(guarded) {
  const column = (name, value) => ({ name, type: 'string', description: '', cell: value });
  const columns = ['a', 'b', 'c'].map((name) => column(name, (row) => row[name]));
  const rows = corpus.flatMap((text) => [
    { a: text, b: 'x', c: 'y' },
    { a: 'x', b: text, c: 'y' },
    { a: 'x', b: 'y', c: text },
  ]);
  let out = '';
  for await (const part of csvTable(columns, rows)) out += part;
  return guarded ? out : unguardedTable(rows);
}

/** RFC 4180 without the guard. */
function unguardedTable(rows) {
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `a,b,c\n${rows.map(({ a, b, c }) => `${[a, b, c].map(cell).join(',')}\n`).join('')}`;
}

function run(command, argv) {
  const { status, stderr, error } = spawnSync(command, argv, {
    encoding: 'utf8',
    timeout: 300_000,
    env: { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8' },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
}

/** ssconvert separates by commas only: a file whose commas and semicolons are exchanged is read as if by semicolons. */
function gnumeric(path, separator) {
  const own = join(folder, 'own.csv');
  const exchanged = { ',': separator, [separator]: ',' };
  writeFileSync(
    own,
    readFileSync(path, 'utf8').replace(/[,;\t]/g, (character) => exchanged[character] ?? character),
  );
  run('ssconvert', ['--import-type=Gnumeric_stf:stf_csvtab', own, join(folder, 'cells.gnumeric')]);
  const sheet = gunzipSync(readFileSync(join(folder, 'cells.gnumeric'))).toString();
  // Cells without a ValueType are formulas; one that was there before has no content.
  return [...sheet.matchAll(/<gnm:Cell ([^>]*)>([^<]*)/g)]
    .filter(([, attributes]) => !attributes.includes('ValueType'))
    .map(([, , content]) => content);
}

/** Filter options: separator, text delimiter, UTF-8, first line. */
function libreOffice(path, separator) {
  const filter = `CSV:${separator.charCodeAt(0)},34,76,1,,0,false,true,false`;
  run('soffice', [
    '--headless',
    `-env:UserInstallation=file://${folder}/profile`,
    `--infilter=${filter}`,
    '--convert-to',
    'fods',
    '--outdir',
    folder,
    path,
  ]);
  return [...readFileSync(join(folder, 'cells.fods'), 'utf8').matchAll(/table:formula="([^"]*)"/g)].map(
    ([, formula]) => formula,
  );
}
