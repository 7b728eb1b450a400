// What makes text for people, tables or scorers, for bench/growth.mjs, each with input of a given length.
import { parseChatRequest } from '../dist/local/chat-request.js';
import { parseQuestion } from '../dist/local/question.js';
import { readWav } from '../dist/local/wav.js';
import { csvTable } from '../dist/reporters/csv-table.js';
import { unguard } from '../dist/reporters/formula-guard.js';
import { escapeMarkdown, markdown } from '../dist/reporters/markdown.js';
import { terminalTable } from '../dist/reporters/terminal/terminal-table.js';
import { NORMALIZERS } from '../dist/scorers/normalize/normalizers.js';
import { readNumbers } from '../dist/scorers/numbers/read-numbers.js';
import { escapeTerminal } from '../dist/text/escape-terminal.js';
import { explainJson } from '../dist/text/explain-json.js';
import { nearestName, suggest } from '../dist/text/nearest-name.js';
import { quote, visible } from '../dist/text/quote.js';
import { textTable } from '../dist/text/text-table.js';
import { loadEncoding } from '../dist/tokens/text-tokens.js';
import { fill, numbered, orError, text } from './growth-inputs.mjs';

const table = (rows) => ({
  make: rows,
  run: async (cells) => {
    let length = 0;
    const columns = [{ name: 'a', type: 'string', description: '', cell: (row) => row }];
    for await (const part of csvTable(columns, cells)) length += part.length;
    return length;
  },
});

const RUN = (models) => ({
  runId: 'r',
  name: 'n',
  createdAt: '',
  wallMs: 0,
  earsightVersion: '',
  repeat: 1,
  dataset: { samples: 1, path: 'p' },
  models: Array.from({ length: models }, (_, index) => ({ id: `m${index}` })),
});
const ROW = { slice: 'all', n: 1, value: 1, ciLow: null, ciHigh: null, ciMethod: '', missing: 0 };
const METRICS = ['completed', 'failed', 'skipped', 'score', 'score_all', 'score.exact'];
const report = (length) => {
  const run = RUN(Math.ceil(length / 100));
  const summary = run.models.flatMap(({ id }) => METRICS.map((metric) => ({ ...ROW, model: id, metric })));
  return { run, summary, scorers: ['exact'], metadataKeys: [] };
};

export const TEXTS = {
  'nearest name: a long name': text(
    (n) => fill(n, 'prompt'),
    (name) => nearestName(name, ['prompt', 'system']),
  ),
  'nearest name: a long name, a long candidate': text(
    (n) => fill(n / 2, 'ab'),
    (name) => nearestName(name, [`${name}x`]),
  ),
  'nearest name: candidates': text(
    (n) => numbered(n, (i) => `name${i}`, ' ').split(' '),
    (names) => suggest('nmae', names),
  ),
  'nearest name: candidates of one length': text(
    (n) => numbered(n, (i) => `prompt${i % 10}`, ' ').split(' '),
    (names) => nearestName('propmt', names),
  ),
  quote: text((n) => fill(n, 'a\u202e'), quote),
  visible: text((n) => fill(n, 'a\u202e'), visible),
  'escapes for terminals': text((n) => fill(n, 'a\u001b'), escapeTerminal),
  'escapes for Markdown': text((n) => fill(n, '@*a<'), escapeMarkdown),
  'explain JSON: brackets': text((n) => fill(n, '['), explainJson),
  'explain JSON: pairs of brackets': text((n) => `[${fill(n, '[],')}`, explainJson),
  'explain JSON: backslashes': text((n) => `"${fill(n, '\\\\')}`, explainJson),
  'text table: one long cell': text(
    (n) => [[fill(n, 'a')]],
    (rows) => textTable(rows, 'l'),
  ),
  'text table: one long cell of wide characters': text(
    (n) => [[fill(n, '漢')]],
    (rows) => textTable(rows, 'l'),
  ),
  'text table: one long cluster': text(
    (n) => [[`a${fill(n, '\u0301')}`]],
    (rows) => textTable(rows, 'l'),
  ),
  'text table: joined emoji': text(
    (n) => [[fill(n, '👩\u200d')]],
    (rows) => textTable(rows, 'l'),
  ),
  'text table: rows': text(
    (n) => Array.from({ length: n / 4 }, () => ['ab', 'c']),
    (rows) => textTable(rows, 'll'),
  ),
  'summary on a terminal: models': text(report, ({ run, summary }) =>
    terminalTable(summary, run, { color: false, width: 80 }),
  ),
  'report.md: models': text(report, (one) => markdown.files(one)),
  'CSV out: one long cell': table((n) => [fill(n, 'a"')]),
  'CSV out: blanks in front': table((n) => [`${fill(n, ' ')}a`]),
  'CSV out: apostrophes in front': table((n) => [`${fill(n, "'")}a`]),
  'CSV out: signs in front': table((n) => [`${fill(n, '-')}a`]),
  'CSV out: digits': table((n) => [`-${fill(n, '1,111')}a`]),
  'CSV out: blanks behind': table((n) => [`a${fill(n, ' ')}`, `a${fill(n, ' ')}a`]),
  'CSV out: rows': table((n) => Array.from({ length: n / 4 }, () => 'abc')),
  'guard undone': text((n) => `'${fill(n, "'")}`, unguard),
  'serve: messages': text(
    (n) => ({ model: 'a', messages: Array(Math.ceil(n / 30)).fill({ role: 'user', content: 'a' }) }),
    (body) => orError(() => parseChatRequest(body)),
  ),
  'serve: one long data URL': text(
    (n) => ({
      model: 'a',
      messages: [
        { role: 'user', content: [{ type: 'image_url', image_url: { url: `data:image/png${fill(n, ';a=b')}` } }] },
      ],
    }),
    (body) => orError(() => parseChatRequest(body)),
  ),
  'serve: blanks in a question': text((n) => `What is${fill(Math.min(n, 32_768), ' ')}x?`, parseQuestion),
  'serve: lines in a question': text((n) => fill(Math.min(n, 32_768), 'a\n'), parseQuestion),
  'serve: words in a question': text((n) => fill(Math.min(n, 32_768), 'what is the value of '), parseQuestion),
  'serve: chunks of a WAV': text(
    (n) => Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), Buffer.from(fill(n, 'LIST\0\0\0\0'), 'latin1')]),
    (bytes) => orError(() => readWav(bytes)),
  ),
  ...Object.fromEntries(
    Object.entries(NORMALIZERS).flatMap(([name, normalize]) =>
      [
        ['brackets', '(['],
        ['blanks', ' '],
        ['quotes', "' "],
        ['digits', '1,'],
        ['words', 'one hundred and '],
        ['stops', '. '],
        ['stars', '*'],
      ].map(([what, unit]) => [
        `normalizer ${name}: ${what}`,
        text((n) => (what === 'stars' ? fill(n, unit) : `a${fill(n, unit)}b`), normalize),
      ]),
    ),
  ),
  'numbers in an answer: digits': text(
    (n) => fill(n, '1'),
    (value) => readNumbers(value),
  ),
  'numbers in an answer: groups': text(
    (n) => fill(n, '111,'),
    (value) => readNumbers(value),
  ),
  'numbers in an answer: signs': text(
    (n) => fill(n, '-+$'),
    (value) => readNumbers(value),
  ),
  'text tokens: one run of letters': text(
    (n) => fill(n, 'a'),
    async (value) => (await loadEncoding('o200k'))(value),
  ),
  'text tokens: blanks': text(
    (n) => fill(n, ' '),
    async (value) => (await loadEncoding('o200k'))(value),
  ),
  'text tokens: letters and marks': text(
    (n) => fill(n, "a'"),
    async (value) => (await loadEncoding('o200k'))(value),
  ),
  'text tokens: words': text(
    (n) => fill(n, 'many words '),
    async (value) => (await loadEncoding('o200k'))(value),
  ),
};
