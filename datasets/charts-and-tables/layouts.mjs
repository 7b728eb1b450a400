/** The kinds of chart that the demo does not have, and tables with figures to the right. */

import { line, picture, rect, text } from '../generator/drawing.mjs';

const COLOURS = ['#3b6fb6', '#d9822b', '#4f9d69', '#8d5fa8', '#b8433b'];
const [WIDTH, HEIGHT] = [720, 440];
/** Of the plot: left, right, top and bottom. */
const PLOT = { left: 90, right: 690, top: 90, bottom: 380 };

const heading = (title) => text(WIDTH / 2, 44, title, { size: 26, weight: 'bold', anchor: 'middle' });
const axes = (unit) => [
  line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom),
  line(PLOT.left, PLOT.top - 10, PLOT.left, PLOT.bottom),
  text(24, 235, unit, { size: 18, anchor: 'middle', turn: -90 }),
];
const stepOf = (names) => (PLOT.right - PLOT.left) / names.length;
const middleOf = (names, index) => PLOT.left + stepOf(names) * (index + 0.5);
const below = (names) =>
  names.map((name, index) => text(middleOf(names, index), PLOT.bottom + 30, name, { size: 18, anchor: 'middle' }));

/** Points with their values above, or below in a valley, joined by a line. */
export function lineChart(title, unit, names, values) {
  const most = Math.max(...values);
  const points = values.map((value, index) => {
    const y = PLOT.bottom - (230 * value) / most - 20;
    const isValley = (values[index - 1] ?? most) > value && (values[index + 1] ?? most) > value;
    return { x: middleOf(names, index), y, value, labelY: isValley ? y + 24 : y - 14 };
  });
  const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return picture(WIDTH, HEIGHT, [
    heading(title),
    axes(unit),
    `<polyline points="${path}" fill="none" stroke="${COLOURS[0]}" stroke-width="3"/>`,
    points.map(({ x, y, value, labelY }) => [
      `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5" fill="${COLOURS[0]}"/>`,
      text(x, labelY, String(value), { size: 18, anchor: 'middle' }),
    ]),
    below(names),
  ]);
}

/** Two or more columns for each name, told apart by the legend. */
export function groupedChart(title, unit, names, series, valuesOf) {
  const most = Math.max(...series.flatMap((_, index) => valuesOf(index)));
  const width = (stepOf(names) * 0.76) / series.length;
  const columns = series.map((_, place) =>
    valuesOf(place).map((value, index) => {
      const x = middleOf(names, index) + width * (place - series.length / 2);
      const size = (230 * value) / most;
      return [
        rect(x, PLOT.bottom - size, width - 4, size, COLOURS[place]),
        text(x + width / 2 - 2, PLOT.bottom - size - 8, String(value), { size: 17, anchor: 'middle' }),
      ];
    }),
  );
  const legend = series.map((name, place) => [
    rect(PLOT.left + 150 * place, 64, 18, 18, COLOURS[place]),
    text(PLOT.left + 26 + 150 * place, 79, name, { size: 17 }),
  ]);
  return picture(WIDTH, HEIGHT, [heading(title), axes(unit), legend, columns, below(names)]);
}

/** Columns without figures, before a grid that the values can be read from. */
export function unlabelledChart(title, unit, names, values, { to, tick }) {
  const y = (value) => PLOT.bottom - ((PLOT.bottom - PLOT.top) * value) / to;
  const ticks = Array.from({ length: to / tick + 1 }, (_, index) => index * tick);
  const width = stepOf(names) * 0.6;
  return picture(WIDTH, HEIGHT, [
    heading(title),
    ticks.map((value) => [
      line(PLOT.left, y(value), PLOT.right, y(value), '#bbbbbb'),
      text(PLOT.left - 10, y(value) + 6, String(value), { size: 16, anchor: 'end' }),
    ]),
    values.map((value, index) =>
      rect(middleOf(names, index) - width / 2, y(value), width, PLOT.bottom - y(value), COLOURS[2]),
    ),
    axes(unit),
    below(names),
  ]);
}

/** Slices with their shares inside, and a legend of the names. */
export function pieChart(title, names, shares) {
  const centre = { x: 230, y: 245, radius: 160 };
  const at = (share, radius) => {
    const angle = (share / 100) * 2 * Math.PI - Math.PI / 2;
    return { x: (centre.x + radius * Math.cos(angle)).toFixed(1), y: (centre.y + radius * Math.sin(angle)).toFixed(1) };
  };
  let from = 0;
  const slices = shares.map((share, index) => {
    const [start, end, middle] = [
      at(from, centre.radius),
      at(from + share, centre.radius),
      at(from + share / 2, centre.radius * 0.66),
    ];
    from += share;
    const arc = `A${centre.radius},${centre.radius} 0 ${share > 50 ? 1 : 0} 1 ${end.x},${end.y}`;
    return [
      `<path d="M${centre.x},${centre.y} L${start.x},${start.y} ${arc} Z" fill="${COLOURS[index]}" stroke="#ffffff" stroke-width="2"/>`,
      text(middle.x, Number(middle.y) + 7, `${share}%`, {
        size: 20,
        weight: 'bold',
        anchor: 'middle',
        fill: '#ffffff',
      }),
    ];
  });
  const legend = names.map((name, index) => [
    rect(470, 140 + 48 * index, 22, 22, COLOURS[index]),
    text(506, 158 + 48 * index, name, { size: 20 }),
  ]);
  return picture(WIDTH, HEIGHT, [heading(title), slices, legend]);
}

/** Many figures, small and to the right of their columns, every other row on grey. */
export function denseTable(headings, rows) {
  const [first, column, height] = [150, 120, 30];
  const width = 40 + first + column * (headings.length - 1);
  const shapes = [headings, ...rows].map((cells, rowIndex) => {
    const y = 30 + rowIndex * height;
    const weight = rowIndex === 0 ? 'bold' : 'normal';
    return [
      rect(20, y, width - 40, height, rowIndex % 2 === 1 ? '#eef1f5' : '#ffffff'),
      cells.map((content, index) =>
        index === 0
          ? text(30, y + 20, content, { size: 15, weight })
          : text(20 + first + column * index - 12, y + 20, content, { size: 15, weight, anchor: 'end' }),
      ),
    ];
  });
  return picture(width, 60 + (rows.length + 1) * height, [...shapes, line(20, 60, width - 20, 60)]);
}
