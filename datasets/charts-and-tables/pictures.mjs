/** Draws every chart and table, and asks what they say. */

import { chart, table } from '../generator/layouts.mjs';
import { spreadValues } from '../generator/seeded-values.mjs';
import { CHARTS, TABLES } from './contents.mjs';
import { denseTable, groupedChart, lineChart, pieChart, unlabelledChart } from './layouts.mjs';

const NUMBER = 'Answer with the number only.';
const NAME = 'Answer with the name only.';
const VALUE = 'Answer with the value only.';

const ask = (task, prompt, target, scorer) => ({ task, prompt, target: String(target), scorer });

/** Names in the order of their values, smallest first. */
const ranked = (names, values) => names.toSorted((a, b) => values[names.indexOf(a)] - values[names.indexOf(b)]);

/** A chart of one series: a value, both ends, a difference, and the title. */
function chartQuestions({ noun, title, names }, values, scorer = 'numeric') {
  const [smallest, ...others] = ranked(names, values);
  const largest = others.at(-1);
  const middle = others[0];
  const valueAt = (name) => values[names.indexOf(name)];
  return [
    ask('value', `What is the value of ${middle}? ${NUMBER}`, valueAt(middle), scorer),
    ask('extreme', `Which ${noun} has the largest value? ${NAME}`, largest, 'exact'),
    ask(
      'difference',
      `By how much is the value of ${largest} larger than that of ${smallest}? ${NUMBER}`,
      Number((valueAt(largest) - valueAt(smallest)).toFixed(2)),
      scorer,
    ),
    ask('title', 'What is the title of the chart?', title, 'exact'),
  ];
}

/** A chart of two series: two values, the largest of one series, and a difference between both. */
function groupedQuestions({ noun, names, range }, series) {
  const [first, second] = range.series;
  const [here, there] = [names[0], names[1]];
  const widest = ranked(names, series[1]).at(-1);
  const larger = series[0][0] > series[1][0] ? first : second;
  return [
    ask('value', `What is the value of ${first} for ${there}? ${NUMBER}`, series[0][1], 'numeric'),
    ask('value', `What is the value of ${second} for ${here}? ${NUMBER}`, series[1][0], 'numeric'),
    ask('extreme', `Which ${noun} has the largest value of ${second}? ${NAME}`, widest, 'exact'),
    ask('extreme', `Which is larger for ${here}, ${first} or ${second}? ${NAME}`, larger, 'exact'),
    ask(
      'difference',
      `By how much do ${first} and ${second} differ for ${there}? ${NUMBER}`,
      Math.abs(series[0][1] - series[1][1]),
      'numeric',
    ),
  ];
}

function drawChart(it) {
  const { kind, name, title, unit, names, range } = it;
  if (kind === 'pie') return { svg: pieChart(title, names, range.shares), asks: chartQuestions(it, range.shares) };
  if (kind === 'grouped') {
    const series = range.series.map((label) => spreadValues(`${name}-${label}`, names.length, range));
    return {
      svg: groupedChart(title, unit, names, range.series, (place) => series[place]),
      asks: groupedQuestions(it, series),
    };
  }
  const values = spreadValues(name, names.length, range);
  if (kind === 'unlabelled')
    return {
      svg: unlabelledChart(title, unit, names, values, range),
      asks: chartQuestions(it, values, 'relaxed-accuracy'),
    };
  if (kind === 'line') return { svg: lineChart(title, unit, names, values), asks: chartQuestions(it, values) };
  const bars = names.map((label, index) => [label, String(values[index])]);
  return { svg: chart(title, unit, bars, { flat: kind === 'bars' }), asks: chartQuestions(it, values) };
}

/** A figure as the table shows it. */
function shown(value, { digits, unit, groups }) {
  const [whole, fraction] = value.toFixed(digits).split('.');
  const grouped = groups ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return `${grouped}${fraction === undefined ? '' : `.${fraction}`}${unit === '' || unit === '%' ? unit : ` ${unit}`}`;
}

/** The columns with their values and with what is shown of them. */
function filled({ name, names, columns }) {
  return columns.map((column) => {
    if (column.cells !== undefined) return { ...column, shown: column.cells };
    const values = spreadValues(`${name}-${column.heading}`, names.length, column.range);
    return { ...column, values, shown: values.map((value) => shown(value, column)) };
  });
}

/** Two cells, the largest of a column, the row of a cell, and a difference. */
function tableQuestions({ noun, names }, columns) {
  const figures = columns.filter(({ values }) => values !== undefined);
  const last = columns.at(-1);
  const first = columns[0];
  const cell = (column, row) =>
    ask(
      'value',
      `What is the ${column.heading.toLowerCase()} of ${names[row]}? ${VALUE}`,
      column.shown[row],
      column.values === undefined ? 'exact' : 'numeric',
    );
  const row = names.length - 2;
  const questions = [
    cell(first, row),
    cell(last, 1),
    ask('row', `Which ${noun} has the ${last.heading.toLowerCase()} ${last.shown[2]}? ${NAME}`, names[2], 'exact'),
  ];
  const [figure] = figures;
  if (figure === undefined) return questions;
  const order = ranked(names, figure.values);
  const [low, high] = [order[0], order.at(-1)];
  const difference = figure.values[names.indexOf(high)] - figure.values[names.indexOf(low)];
  const column = figure.heading.toLowerCase();
  return [
    ...questions,
    ask('extreme', `Which ${noun} has the largest ${column}? ${NAME}`, high, 'exact'),
    ask(
      'difference',
      `By how much is the ${column} of ${high} larger than that of ${low}? ${NUMBER}`,
      difference.toFixed(figure.digits),
      'numeric',
    ),
  ];
}

function drawTable(it) {
  const columns = filled(it);
  const headings = [it.noun[0].toUpperCase() + it.noun.slice(1), ...columns.map(({ heading }) => heading)];
  const rows = it.names.map((name, row) => [name, ...columns.map((column) => column.shown[row])]);
  const svg = it.kind === 'dense' ? denseTable(headings, rows) : table(headings, rows, { grid: it.kind === 'grid' });
  return { svg, asks: tableQuestions(it, columns) };
}

const shownAs = (form, it, { svg, asks }) => ({
  form,
  kind: it.kind,
  file: `images/${it.kind}-${it.name}.png`,
  svg,
  asks,
});

/** In the order of the manifest. */
export const PICTURES = [
  ...CHARTS.map((it) => shownAs('chart', it, drawChart(it))),
  ...TABLES.map((it) => shownAs('table', it, drawTable(it))),
];
