/** The kinds of picture in the set: pages, receipts, signs, tables, charts, screens. */

import { line, picture, rect, text } from './drawing.mjs';

/** Lines of running text. */
export function page(lines, { size = 24, family = 'Sans', fill = '#111', ground, turn, width = 760 } = {}) {
  const leading = size * 1.6;
  const height = Math.round(leading * (lines.length + 1.5));
  const shapes = lines.map((content, index) => text(30, leading * (index + 1.3), content, { size, family, fill }));
  return picture(width, height, shapes, { ground, turn });
}

/** Two columns of running text under a headline, as in a newspaper. */
export function columns(headline, left, right, { size = 19 } = {}) {
  const [width, leading] = [720, size * 1.35];
  const column = (lines, x) =>
    lines.map((content, index) => text(x, 96 + leading * index, content, { size, family: 'Serif' }));
  const shapes = [
    text(30, 50, headline, { size: 30, family: 'Serif', weight: 'bold' }),
    column(left, 30),
    column(right, 400),
  ];
  return picture(width, Math.round(110 + leading * Math.max(left.length, right.length)), shapes);
}

/** A shop's receipt in a monospaced font: head, items, sums, foot. */
export function receipt({ shop, date, items, sums, foot }, { ground, turn, fill = '#222' } = {}) {
  const width = 420;
  const style = { size: 18, family: 'Sans Mono', fill };
  const shapes = [
    text(width / 2, 46, shop, { ...style, size: 24, weight: 'bold', anchor: 'middle' }),
    text(width / 2, 76, date, { ...style, anchor: 'middle' }),
  ];
  let y = 120;
  for (const [name, amount] of [...items, ['', ''], ...sums]) {
    shapes.push(text(28, y, name, style), text(width - 28, y, amount, { ...style, anchor: 'end' }));
    y += 30;
  }
  shapes.push(line(28, 120 + items.length * 30 - 20, width - 28, 120 + items.length * 30 - 20, fill));
  shapes.push(text(width / 2, y + 22, foot, { ...style, anchor: 'middle' }));
  return picture(width, y + 60, shapes, { ground, turn });
}

/** Few words, large, on a coloured plate. */
export function sign(lines, { plate, fill = '#ffffff', size = 60, width = 680 }) {
  const height = Math.round(size * 1.45 * lines.length + 90);
  const shapes = [
    rect(12, 12, width - 24, height - 24, plate, fill, 18),
    ...lines.map((content, index) =>
      text(width / 2, 45 + size * (1 + 1.45 * index), content, {
        size: index === 0 ? size : size * 0.6,
        weight: 'bold',
        anchor: 'middle',
        fill,
      }),
    ),
  ];
  return picture(width, height, shapes, { ground: '#e9e9e4' });
}

/** Rows under headings; `grid` draws every cell's frame. */
export function table(headings, rows, { grid = true, family = 'Sans', column = 170, turn, fill = '#111' } = {}) {
  const cell = { width: column, height: 44 };
  const [left, top] = [30, 30];
  const all = [headings, ...rows];
  const shapes = all.flatMap((row, rowIndex) =>
    row.flatMap((content, index) => {
      const [x, y] = [left + index * cell.width, top + rowIndex * cell.height];
      const frame = grid ? [rect(x, y, cell.width, cell.height, rowIndex === 0 ? '#e6ecf5' : '#ffffff', '#555')] : [];
      return [
        ...frame,
        text(x + 14, y + 29, content, { size: 20, family, fill, weight: rowIndex === 0 ? 'bold' : 'normal' }),
      ];
    }),
  );
  if (!grid) shapes.push(line(left, top + cell.height, left + headings.length * cell.width, top + cell.height));
  return picture(2 * left + headings.length * cell.width, 2 * top + all.length * cell.height, shapes, { turn });
}

/** Columns with their figures above and their names below, or bars to the right. */
export function chart(title, unit, bars, { colour = '#4273b8', flat = false } = {}) {
  const [width, height] = [720, 440];
  const most = Math.max(...bars.map(([, value]) => Number(value)));
  const shapes = [text(width / 2, 44, title, { size: 26, weight: 'bold', anchor: 'middle' })];
  if (flat) {
    const step = 340 / bars.length;
    for (const [index, [name, value]] of bars.entries()) {
      const [y, length] = [80 + index * step, (380 * Number(value)) / most];
      shapes.push(
        rect(200, y, length, step * 0.6, colour),
        text(186, y + step * 0.42, name, { anchor: 'end' }),
        text(214 + length, y + step * 0.42, value),
      );
    }
    return picture(width, height, shapes);
  }
  const step = 600 / bars.length;
  shapes.push(
    line(80, 380, 690, 380),
    line(80, 80, 80, 380),
    text(44, 230, unit, { size: 18, anchor: 'middle', turn: -90 }),
  );
  for (const [index, [name, value]] of bars.entries()) {
    const [x, size] = [95 + index * step, (260 * Number(value)) / most];
    shapes.push(rect(x, 380 - size, step * 0.7, size, colour));
    shapes.push(
      text(x + step * 0.35, 368 - size, value, { anchor: 'middle' }),
      text(x + step * 0.35, 412, name, { anchor: 'middle' }),
    );
  }
  return picture(width, height, shapes);
}

/** A settings window: names left, values right. */
export function screen(title, entries, { dark = false, turn } = {}) {
  const [width, height] = [640, 110 + entries.length * 52];
  const [ground, panel, fill, muted] = dark
    ? ['#15181d', '#20252d', '#f0f0f0', '#9aa4b2']
    : ['#dfe3e8', '#ffffff', '#1b1f24', '#59636e'];
  const shapes = [
    rect(16, 16, width - 32, height - 32, panel, muted, 12),
    text(40, 58, title, { size: 24, weight: 'bold', fill }),
    line(16, 76, width - 16, 76, muted),
    ...entries.flatMap(([name, value], index) => {
      const y = 112 + index * 52;
      return [
        text(40, y, name, { size: 19, fill: muted }),
        text(width - 40, y, value, { size: 19, fill, anchor: 'end' }),
      ];
    }),
  ];
  return picture(width, height, shapes, { ground, turn });
}
