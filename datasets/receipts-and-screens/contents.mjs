/** Shops, goods and settings. All of them are made up; prices come from seeds, sums are added up. */

import { spreadValues } from '../generator/seeded-values.mjs';

const euros = (cents) => (cents / 100).toFixed(2);

/** `vat` is a whole percentage on top of the subtotal; null = the prices include it. */
function shop(name, { title, date, goods, foot, vat = null, wanted }) {
  const prices = spreadValues(name, goods.length, { from: 145, to: 2390, step: 5 });
  const subtotal = prices.reduce((sum, price) => sum + price, 0);
  const tax = vat === null ? 0 : Math.round((subtotal * vat) / 100);
  const sums =
    vat === null
      ? [['Total', euros(subtotal)]]
      : [
          ['Subtotal', euros(subtotal)],
          [`VAT ${vat}%`, euros(tax)],
          ['Total', euros(subtotal + tax)],
        ];
  const items = goods.map((item, index) => [item, euros(prices[index])]);
  const lines = [...items, ...sums];
  return {
    kind: 'receipt',
    name,
    content: { shop: title, date, items, sums, foot },
    text: [title, date, ...lines.flat(), foot].join(' '),
    asked: {
      question: `${goods.includes(wanted) ? 'How much' : 'What'} is the ${wanted.toLowerCase()}?`,
      value: lines.find(([label]) => label === wanted)[1],
    },
  };
}

function settings(name, title, entries, { wanted, dark = false }) {
  return {
    kind: 'screen',
    name,
    dark,
    content: { title, entries },
    text: [title, ...entries.flat()].join(' '),
    asked: {
      question: `What is the ${wanted.toLowerCase()}?`,
      value: entries.find(([label]) => label === wanted)[1],
    },
  };
}

export const DOCUMENTS = [
  shop('florist', {
    title: 'ROSE AND FERN',
    date: '2025-03-19 10:42',
    goods: ['Tulips', 'Potting soil', 'Clay pot'],
    foot: 'Water daily',
    wanted: 'Total',
  }),
  shop('bookshop', {
    title: 'PAGE NINE BOOKS',
    date: 'Receipt 771430',
    goods: ['Atlas', 'Crime novel', 'Postcards', 'Calendar'],
    foot: 'Exchange within 14 days',
    wanted: 'Calendar',
  }),
  shop('bicycles', {
    title: 'WHEELHOUSE',
    date: '7 June 2025',
    goods: ['Inner tube', 'Chain oil', 'Bell', 'Brake pads'],
    foot: 'Ride safely',
    vat: 20,
    wanted: 'Total',
  }),
  shop('deli', {
    title: 'CORNER DELI',
    date: 'Till 3  Order 58',
    goods: ['Soup', 'Cheese roll', 'Apple pie', 'Mint tea', 'Water'],
    foot: 'Enjoy your meal',
    vat: 9,
    wanted: 'Subtotal',
  }),
  shop('garage', {
    title: 'STATION GARAGE',
    date: '2024-12-02 08:15',
    goods: ['Wiper blades', 'Engine oil', 'Car wash'],
    foot: 'Drive carefully',
    wanted: 'Engine oil',
  }),
  shop('toys', {
    title: 'LITTLE HARE TOYS',
    date: '21 October 2024',
    goods: ['Kite', 'Puzzle', 'Wooden train', 'Paint set'],
    foot: 'Play outside',
    vat: 21,
    wanted: 'Puzzle',
  }),
  shop('bakery', {
    title: 'EARLY OVEN',
    date: 'No. 0093 06:51',
    goods: ['Sourdough', 'Croissant', 'Plum tart', 'Coffee'],
    foot: 'Fresh from six',
    wanted: 'Total',
  }),
  shop('museum', {
    title: 'TOWN MUSEUM',
    date: '5 February 2025',
    goods: ['Adult ticket', 'Child ticket', 'Audio guide', 'Poster'],
    foot: 'Open until 17:00',
    wanted: 'Audio guide',
  }),

  settings(
    'printer',
    'Printer',
    [
      ['Serial number', 'QX-88214'],
      ['Pages printed', '36107'],
      ['Black ink', '42%'],
    ],
    { wanted: 'Serial number' },
  ),
  settings(
    'backup',
    'Backup',
    [
      ['Last backup', '14 May 03:30'],
      ['Files copied', '20819'],
      ['Free space', '213 GB'],
      ['Status', 'Complete'],
    ],
    { wanted: 'Free space', dark: true },
  ),
  settings(
    'thermostat',
    'Heating',
    [
      ['Living room', '21.5 C'],
      ['Bedroom', '18.0 C'],
      ['Pressure', '1.6 bar'],
    ],
    { wanted: 'Pressure' },
  ),
  settings(
    'ticket',
    'Booking',
    [
      ['Reference', 'ZP4H9K'],
      ['Coach', '12'],
      ['Seat', '47'],
      ['Departure', '16:08'],
    ],
    { wanted: 'Reference', dark: true },
  ),
  settings(
    'camera',
    'Camera',
    [
      ['Shutter speed', '1/250'],
      ['Aperture', 'f/5.6'],
      ['Sensitivity', '800'],
      ['Battery', '71%'],
    ],
    { wanted: 'Sensitivity' },
  ),
  settings(
    'meter',
    'Power meter',
    [
      ['Today', '8.42 kWh'],
      ['This month', '187.6 kWh'],
      ['Tariff', 'Night'],
    ],
    { wanted: 'Tariff', dark: true },
  ),
  settings(
    'update',
    'Software update',
    [
      ['Version', '11.3.07'],
      ['Download size', '946 MB'],
      ['Released', '28 January'],
    ],
    { wanted: 'Version' },
  ),
  settings(
    'scale',
    'Kitchen scale',
    [
      ['Weight', '1284 g'],
      ['Energy', '463 kcal'],
      ['Protein', '17.2 g'],
      ['Portion', '150 g'],
    ],
    { wanted: 'Energy', dark: true },
  ),
];
