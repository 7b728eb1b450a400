import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Page, rowsOf, transcript, type Word } from '../../src/local/page.ts';
import { parseQuestion } from '../../src/local/question.ts';
import { answerFromPage } from '../../src/local/reader.ts';

const WIDTH = 10;
const HEIGHT = 16;
const LEADING = 30;

/** Typewritten lines as a recogniser would see them; runs of two or more spaces part cells. */
function typed(...lines: readonly string[]): Page {
  return {
    lines: lines.map((text, row) =>
      [...text.matchAll(/\S+/g)].map((match): Word => {
        const top = row * LEADING;
        const left = match.index * WIDTH;
        return { text: match[0], left, right: left + match[0].length * WIDTH, top, bottom: top + HEIGHT };
      }),
    ),
  };
}

function ask(prompt: string, page: Page): string | null {
  const question = parseQuestion(prompt);
  if (question === null) throw new Error(`not understood: ${prompt}`);
  return answerFromPage(question, page);
}

const RECEIPT = typed(
  '      HILLTOP DELI',
  'Soup           2      11.80',
  'Rye bread              3.15',
  'Subtotal              14.95',
  'Tax: 0.90',
  'Total .....  EUR 15.85',
  'Paid = 20.00',
  'Cashier   Mira Lund',
);

const TABLE = typed(
  'Harbour   Depth     Berths',
  'Visby     6.5 m     40',
  'Ystad     9.1 m     125',
  'Malmo     11 m      78',
);

const CHART = typed('     Ships per month', '   31        47       28', '  May       June     July');

test.each([
  ['What is the total?', 'EUR 15.85'],
  ['What is the subtotal?', '14.95'],
  ['What is the tax?', '0.90'],
  ['How much is the rye bread?', '3.15'],
  ['What is the price of the soup?', '11.80'],
  ['What is the paid?', '20.00'],
  ['What is the cashier?', 'Mira Lund'],
  ['What is the title?', 'HILLTOP DELI'],
  ['What is the largest value?', '20.00'],
])('answers %j from a receipt', (prompt, answer) => {
  expect(ask(prompt, RECEIPT)).toBe(answer);
});

test.each([
  ['What is the depth of Ystad?', '9.1 m'],
  ['What is the berths of Malmo?', '78'],
  ['What is the largest number?', '125'],
  ['Which harbour has the largest value?', 'Ystad'],
  ['What is the smallest number?', '6.5'],
])('answers %j from a table', (prompt, answer) => {
  expect(ask(prompt, TABLE)).toBe(answer);
});

test.each([
  ['What is the title of the chart?', 'Ships per month'],
  ['What is the largest value shown?', '47'],
  ['Which month has the largest value?', 'June'],
  ['Which month has the smallest value?', 'July'],
])('answers %j from a column chart', (prompt, answer) => {
  expect(ask(prompt, CHART)).toBe(answer);
});

test.each(['What is the tip?', 'What is the capital of France?', 'What is the depth of Visby?'])(
  'finds no answer to %j on a page that holds none',
  (prompt) => {
    expect(ask(prompt, RECEIPT)).toBeNull();
  },
);

test('finds a label whose spaces the recogniser dropped, with its value run into it', () => {
  expect(ask('What is the invoice number?', typed('InvoiceNumber4471'))).toBe('4471');
  expect(ask('What is the order date?', typed('OrderDate:12 May'))).toBe('12 May');
});

test('does not take a longer word for a label', () => {
  expect(ask('What is the tax?', typed('Taxi 7.00'))).toBeNull();
});

test('does not take the digits before a decimal point or a colon for a label’s last word', () => {
  const page = typed('Gate 22.30', 'Bay 7:45', 'Room 9: closed');
  expect(ask('What is the gate 22?', page)).toBeNull();
  expect(ask('What is bay 7?', page)).toBeNull();
  expect(ask('What is room 9?', page)).toBe('closed');
});

test('takes the value below a label that ends its row', () => {
  expect(ask('What is the departure?', typed('Departure', '09:45   Platform 3'))).toBe('09:45');
});

test('prefers a row that starts with the label, and of several the last', () => {
  expect(ask('What is the total?', typed('Total items  3', 'Grand total  8.00', 'Total  9.00'))).toBe('9.00');
});

test('sets sideways words apart from the rows', () => {
  const sideways: Word = { text: 'Ships', left: 0, right: 16, top: 0, bottom: 90 };
  expect(ask('What is the title?', { lines: [[sideways], ...CHART.lines] })).toBe('Ships per month');
});

test('an empty page holds no title and no number, and its transcript is empty', () => {
  const blank: Page = { lines: [] };
  expect(ask('What is the title?', blank)).toBeNull();
  expect(ask('What is the largest value?', blank)).toBeNull();
  expect(ask('Which month has the largest value?', blank)).toBeNull();
  expect(ask('Transcribe the text.', blank)).toBe('');
});

test('keeps the recogniser’s own order in a transcript', () => {
  const page = typed('left column', 'right column');
  expect(transcript({ lines: page.lines.toReversed() })).toBe('right column\nleft column');
});

test('every answer is made of words on the page', () => {
  const word = fc.stringMatching(/^[a-z]{1,8}:?$|^[0-9]{1,4}(\.[0-9]{2})?$/);
  const lines = fc.array(fc.array(word, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  const prompts = ['What is the title?', 'What is the largest value?', 'Which row has the smallest value?'];
  fc.assert(
    fc.property(lines, fc.nat(2), (rows, index) => {
      const page = typed(...rows.map((words) => words.join('   ')));
      const label = rows[0]?.[0]?.replace(':', '') ?? '';
      for (const prompt of [prompts[index] ?? '', `What is the ${label}?`]) {
        const question = parseQuestion(prompt);
        const answer = question === null ? null : answerFromPage(question, page);
        const printed = rows.flat().join(' ');
        for (const part of answer?.split(' ') ?? []) expect(printed).toContain(part);
      }
    }),
  );
});

test('groups words into rows whatever order they come in', () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const words = TABLE.lines.flat();
      const shuffled = words.toSorted(
        (a, b) => ((a.left * 7 + a.top * 13 + seed) % 17) - ((b.left * 7 + b.top * 13 + seed) % 17),
      );
      expect(rowsOf(shuffled)).toEqual(TABLE.lines);
    }),
  );
});
