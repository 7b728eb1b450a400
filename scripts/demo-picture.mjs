// Draws the table that `earsight run` prints as assets/demo.svg: npm run --silent demo | node scripts/demo-picture.mjs
import { readFileSync, writeFileSync } from 'node:fs';

/** Pixels. Each cell of the terminal gets the same width, whatever font the viewer has. */
const CELL = { width: 7.8, height: 20, font: 13 };
const PADDING = 16;
const COLORS = { page: '#0d1117', text: '#e6edf3', dim: '#7d8590', line: '#58a6ff' };

const escapeXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const x = (column) => (PADDING + column * CELL.width).toFixed(1);

/** A word or several with single spaces between them, stretched to the width that it has in the terminal. */
function words(text, column, y, color) {
  const width = ([...text].length * CELL.width).toFixed(1);
  return `<text x="${x(column)}" y="${y}" fill="${color}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`;
}

/** The interval of a score: a scale of dots, a line from its low end to its high end, a point at the mean. */
function interval(text, column, y) {
  const middle = y - CELL.font / 3;
  const cells = [...text];
  const center = (index) => Number(x(column + index + 0.5));
  const dots = cells.map((_, index) => `<circle cx="${center(index).toFixed(1)}" cy="${middle.toFixed(1)}" r="0.8"/>`);
  const inside = cells.flatMap((cell, index) => (cell === '·' ? [] : [index]));
  const [from, to] = [center(inside[0]), center(inside.at(-1))].map((value) => value.toFixed(1));
  const mean = center(cells.indexOf('●')).toFixed(1);
  return [
    `<g fill="${COLORS.dim}">${dots.join('')}</g>`,
    `<path d="M${from} ${middle.toFixed(1)}H${to}" stroke="${COLORS.line}" stroke-width="2.5"/>`,
    `<circle cx="${mean}" cy="${middle.toFixed(1)}" r="4.5" fill="${COLORS.line}"/>`,
  ].join('');
}

const lines = readFileSync(0, 'utf8').trimEnd().split('\n');
const columns = Math.max(...lines.map((line) => [...line].length));
/** The table and the verdicts are bright; the notes between them are not. */
const [firstBlank, lastBlank] = [lines.indexOf(''), lines.lastIndexOf('')];
const isBright = (row) => (row > 0 && row < firstBlank) || row > lastBlank;
const drawn = lines.flatMap((line, row) => {
  const y = PADDING + CELL.height * row + CELL.font;
  const color = isBright(row) ? COLORS.text : COLORS.dim;
  return [...line.matchAll(/\S+(?: \S+)*/g)].map(({ 0: text, index }) => {
    const column = [...line.slice(0, index)].length;
    return /^[·━●]+$/.test(text) ? interval(text, column, y) : words(text, column, y, color);
  });
});
const width = Math.ceil(2 * PADDING + columns * CELL.width);
const height = 2 * PADDING + lines.length * CELL.height;

writeFileSync(
  new URL('../assets/demo.svg', import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>The table that the demo prints: score with its interval, latency, tokens, cost and failures of four models, then what the comparison found</title>
<rect width="100%" height="100%" rx="8" fill="${COLORS.page}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${CELL.font}">
${drawn.join('\n')}
</g>
</svg>
`,
);
