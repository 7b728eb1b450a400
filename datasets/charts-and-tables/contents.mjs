/** What the charts and tables are about. All figures are made up; the generator draws them from seeds. */

const chart = (kind, name, title, unit, noun, names, range) => ({ kind, name, title, unit, noun, names, range });

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'];

/** `range` is that of the values; charts without labels have a line in the grid every `tick`. */
export const CHARTS = [
  chart(
    'columns',
    'bakery',
    'Loaves sold per day',
    'Loaves',
    'day',
    ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
    { from: 80, to: 420 },
  ),
  chart('columns', 'parcels', 'Parcels by depot', 'Parcels', 'depot', ['Aarhus', 'Malmo', 'Turku', 'Bodo'], {
    from: 1200,
    to: 9400,
  }),
  chart('columns', 'seedlings', 'Seedlings planted', 'Plants', 'tree', ['Oak', 'Birch', 'Larch', 'Rowan', 'Alder'], {
    from: 15,
    to: 98,
  }),

  chart(
    'bars',
    'bridges',
    'Length of the bridges in metres',
    'Metres',
    'bridge',
    ['Mill', 'Abbey', 'Quarry', 'Ferry'],
    {
      from: 40,
      to: 780,
    },
  ),
  chart(
    'bars',
    'repairs',
    'Repairs per workshop',
    'Repairs',
    'workshop',
    ['North', 'Harbour', 'Station', 'Castle', 'Park'],
    {
      from: 20,
      to: 240,
    },
  ),
  chart('bars', 'languages', 'Books by language', 'Books', 'language', ['Danish', 'Polish', 'Irish', 'Basque'], {
    from: 300,
    to: 4800,
  }),

  chart('line', 'rainfall', 'Rainfall in millimetres', 'Millimetres', 'month', MONTHS, { from: 12, to: 140 }),
  chart('line', 'riders', 'Riders on the harbour line', 'Riders', 'month', MONTHS, { from: 900, to: 5200 }),
  chart('line', 'visits', 'Visits to the clinic', 'Visits', 'month', MONTHS, { from: 30, to: 310 }),

  chart('grouped', 'energy', 'Energy by source', 'GWh', 'source', ['Wind', 'Solar', 'Hydro'], {
    series: ['2021', '2024'],
    from: 35,
    to: 290,
  }),
  chart('grouped', 'fish', 'Fish landed in tonnes', 'Tonnes', 'port', ['Skagen', 'Bergen', 'Vigo'], {
    series: ['Cod', 'Herring'],
    from: 110,
    to: 860,
  }),
  chart('grouped', 'pupils', 'Pupils by school', 'Pupils', 'school', ['Elm', 'Maple', 'Linden'], {
    series: ['Girls', 'Boys'],
    from: 60,
    to: 340,
  }),

  chart('pie', 'budget', 'Budget of the town', '%', 'part', ['Schools', 'Roads', 'Health', 'Parks'], {
    shares: [41, 26, 19, 14],
  }),
  chart('pie', 'commute', 'Ways to work', '%', 'way', ['Train', 'Bicycle', 'Car', 'Bus', 'On foot'], {
    shares: [22, 31, 17, 20, 10],
  }),
  chart('pie', 'waste', 'Waste by kind', '%', 'kind', ['Paper', 'Glass', 'Metal', 'Other'], {
    shares: [28, 13, 9, 50],
  }),

  chart('unlabelled', 'orders', 'Orders per week', 'Orders', 'week', ['W31', 'W32', 'W33', 'W34'], {
    from: 20,
    to: 180,
    tick: 20,
    step: 10,
  }),
  chart('unlabelled', 'savings', 'Savings of the club in euros', 'Euros', 'year', ['2020', '2021', '2022', '2023'], {
    from: 500,
    to: 4500,
    tick: 500,
    step: 250,
  }),
  chart('unlabelled', 'depth', 'Depth of the lakes in metres', 'Metres', 'lake', ['Blue', 'Long', 'Stone', 'Swan'], {
    from: 10,
    to: 90,
    tick: 10,
    step: 5,
  }),
];

const number = (heading, range, { unit = '', digits = 0, groups = false } = {}) => ({
  heading,
  range,
  unit,
  digits,
  groups,
});
const texts = (heading, cells) => ({ heading, cells });

/** `noun` heads the first column. */
const table = (kind, name, noun, names, columns) => ({ kind, name, noun, names, columns });

export const TABLES = [
  table(
    'grid',
    'lakes',
    'lake',
    ['Siljan', 'Mjosa', 'Inari', 'Arre'],
    [number('Area', { from: 30, to: 1080 }, { unit: 'km²' }), number('Depth', { from: 5, to: 440 }, { unit: 'm' })],
  ),
  table(
    'grid',
    'rooms',
    'room',
    ['Cedar', 'Willow', 'Aspen', 'Hazel', 'Juniper'],
    [
      number('Capacity', { from: 6, to: 90 }),
      texts('Floor', ['2', '4', '1', '3', '5']),
      number('Rent', { from: 45, to: 310 }, { unit: '€' }),
    ],
  ),
  table(
    'grid',
    'engines',
    'engine',
    ['Falcon', 'Badger', 'Otter', 'Heron'],
    [number('Power', { from: 45, to: 260 }, { unit: 'kW' }), number('Weight', { from: 90, to: 420 }, { unit: 'kg' })],
  ),

  table(
    'plain',
    'buses',
    'bus',
    ['Airport', 'Campus', 'Old Town', 'Beach'],
    [texts('Departure', ['06:48', '07:15', '09:32', '11:04']), texts('Gate', ['B4', 'C1', 'A7', 'D2'])],
  ),
  table(
    'plain',
    'cheeses',
    'cheese',
    ['Gouda', 'Feta', 'Brie', 'Edam', 'Cantal'],
    [
      number('Price', { from: 6, to: 31, step: 0.05 }, { digits: 2 }),
      number('Fat content', { from: 18, to: 60 }, { unit: '%' }),
    ],
  ),
  table(
    'plain',
    'samples',
    'sample',
    ['North well', 'South well', 'Spring', 'Creek'],
    [
      number('Nitrate', { from: 2, to: 48, step: 0.1 }, { digits: 1 }),
      number('Acidity', { from: 6, to: 8.4, step: 0.1 }, { digits: 1 }),
      texts('Code', ['K-204', 'K-317', 'M-118', 'M-562']),
    ],
  ),

  table(
    'dense',
    'branches',
    'branch',
    ['Bristol', 'Cardiff', 'Dundee', 'Exeter', 'Galway', 'Leeds', 'Newry', 'Truro'],
    [
      number('Turnover', { from: 10400, to: 98600 }, { groups: true }),
      number('Cost', { from: 8100, to: 71300 }, { groups: true }),
      number('Headcount', { from: 12, to: 96 }),
      number('Return rate', { from: 1, to: 9, step: 0.1 }, { digits: 1, unit: '%' }),
    ],
  ),
  table(
    'dense',
    'stations',
    'station',
    ['Abisko', 'Falun', 'Gävle', 'Kalmar', 'Luleå', 'Visby', 'Ystad', 'Örebro'],
    [
      number('Temperature', { from: -18, to: 14, step: 0.1 }, { digits: 1 }),
      number('Wind', { from: 1, to: 17, step: 0.1 }, { digits: 1 }),
      number('Humidity', { from: 41, to: 97 }, { unit: '%' }),
      number('Pressure', { from: 968, to: 1041 }),
    ],
  ),
  table(
    'dense',
    'yields',
    'field',
    ['Hill', 'Brook', 'Chapel', 'Corner', 'Far', 'Long', 'Mill', 'Stony'],
    [
      number('Area', { from: 12, to: 98, step: 0.1 }, { digits: 1 }),
      number('Yield', { from: 240, to: 770 }),
      number('Altitude', { from: 15, to: 640 }),
      number('Lease', { from: 140, to: 990 }),
    ],
  ),
];
