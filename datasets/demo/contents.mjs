/** The words and figures that the pictures show. Shops, places and people are made up or plain geography. */

export const FERRY = [
  'The ferry to Marstal leaves at 7:45 from the',
  'north pier. Tickets are sold on board, and',
  'bicycles travel free outside the holidays.',
];
export const BREAD = [
  'Mix 650 grams of flour with a spoon of salt.',
  'Add warm water and let the dough rest for',
  'ninety minutes before you shape the loaf.',
];
export const NOTICE = [
  'Meter readings are due by 18 October.',
  'Please quote reference KX-30917 when you',
  'write to us about your account.',
];
export const LIBRARY = [
  'Borrowed books may be renewed twice unless',
  'another reader has reserved them. Late fees',
  'are 0.35 per day and item.',
];

export const HARBOUR = [
  'New harbour opens',
  [
    ...[
      'Boats may moor at the new',
      'quay from Monday onwards.',
      'The basin was dredged to',
      'a depth of four metres and',
    ],
    ...[
      'offers water and power at',
      'every berth. Two cranes',
      'lift vessels of up to nine',
      'tonnes, and a slipway for',
      'dinghies lies next to them.',
    ],
  ],
  [
    ...[
      'Fees rise by six percent,',
      'the port office announced.',
      'Fishermen keep their old',
      'berths along the east wall',
    ],
    ...[
      'until the end of the year.',
      'A cafe and a chandler will',
      'follow in spring, when the',
      'car park has been paved',
      'and the lights are fitted.',
    ],
  ],
];
export const ORCHARD = [
  'Orchard wins prize',
  [
    ...[
      'A family farm near Lund',
      'received the award for its',
      'forgotten apple varieties.',
      'Some of the trees are over',
    ],
    ...[
      'one hundred years old and',
      'were saved from felling by',
      'the grandparents of the',
      'present owners, who graft',
      'young shoots each winter.',
    ],
  ],
  [
    ...[
      'Visitors can taste juice',
      'and cider every Saturday.',
      'Guided walks start at ten',
      'and take about two hours;',
    ],
    ...[
      'dogs are welcome. Children',
      'may feed the sheep that',
      'keep the grass short. The',
      'farm shop sells jam, honey',
      'and dried apple rings.',
    ],
  ],
];
export const WARRANTY = [
  'This warranty covers defects of material and workmanship for a period of thirty six months from the date of purchase.',
  'It does not cover damage caused by improper use, by repairs that were not carried out by an authorised workshop, or by',
  'normal wear of moving parts. To make a claim, send the appliance with a copy of the receipt to the address overleaf.',
  'Shipping is refunded when the claim is accepted. Statutory rights of the buyer are not affected by this warranty.',
];
export const TERMS = [
  'Season tickets are personal and cannot be transferred. Lost tickets are replaced once for a fee of fifteen euros.',
  'Bicycles, prams and folded wheelchairs travel free of charge. Groups of ten or more need a reservation in advance.',
  'In case of a delay of more than sixty minutes a quarter of the fare is returned on request within one month.',
];

export const GROCER = {
  shop: 'GREEN CORNER',
  date: '2024-11-08 17:32',
  items: [
    ['Oat milk', '2.15'],
    ['Tomatoes', '3.68'],
    ['Rye bread', '4.20'],
    ['Olive oil', '9.95'],
  ],
  sums: [
    ['Subtotal', '19.98'],
    ['Tax', '1.40'],
    ['Total', '21.38'],
  ],
  foot: 'Thank you, see you soon',
};
export const CAFE = {
  shop: 'CAFE ALMA',
  date: 'Table 14  Server Ines',
  items: [
    ['Espresso', '2.60'],
    ['Lemon cake', '4.75'],
    ['Orange juice', '3.90'],
  ],
  sums: [
    ['Subtotal', '11.25'],
    ['Service', '1.13'],
    ['Amount due', '12.38'],
  ],
  foot: 'Open daily until 22:30',
};
export const HARDWARE = {
  shop: 'BOLT & BEAM',
  date: 'Receipt 0084512',
  items: [
    ['Wood screws', '6.49'],
    ['Paint brush', '7.25'],
    ['Sandpaper', '3.15'],
    ['Masking tape', '4.05'],
  ],
  sums: [
    ['Discount', '-2.00'],
    ['Total', '18.94'],
    ['Cash', '20.00'],
    ['Change', '1.06'],
  ],
  foot: 'Returns within 30 days',
};
export const PHARMACY = {
  shop: 'HARBOUR PHARMACY',
  date: '14 March 2025',
  items: [
    ['Bandages', '5.45'],
    ['Cough syrup', '8.30'],
    ['Sun cream', '13.99'],
  ],
  sums: [
    ['Total', '27.74'],
    ['Card', '27.74'],
  ],
  foot: 'Keep this receipt',
};

export const RIVERS = [
  ['River', 'Length', 'Depth'],
  [
    ['Odra', '854 km', '37 m'],
    ['Tamar', '98 km', '12 m'],
    ['Duero', '897 km', '46 m'],
    ['Lech', '256 km', '29 m'],
  ],
];
export const TIMES = [
  ['Train', 'Departure', 'Platform'],
  [
    ['Norrland', '06:52', '11'],
    ['Skane', '08:17', '4'],
    ['Dalarna', '09:39', '7'],
  ],
];
export const STOCK = [
  ['Part', 'Shelf', 'Pieces'],
  [
    ['Gasket', 'B17', '340'],
    ['Spindle', 'C02', '85'],
    ['Washer', 'A36', '1275'],
    ['Bracket', 'D11', '410'],
  ],
];
export const CLIMATE = [
  ['City', 'Humidity', 'Rainfall', 'Wind'],
  [
    ['Bergen', '82%', '218 mm', '14 km/h'],
    ['Malaga', '64%', '3 mm', '9 km/h'],
    ['Dakar', '78%', '45 mm', '21 km/h'],
  ],
];

export const CYCLISTS = [
  'Cyclists per day',
  'Cyclists',
  [
    ['Mon', '412'],
    ['Tue', '538'],
    ['Wed', '497'],
    ['Thu', '655'],
    ['Fri', '371'],
  ],
];
export const HARVEST = [
  'Harvest in tonnes',
  'Tonnes',
  [
    ['Barley', '63'],
    ['Maize', '118'],
    ['Rapeseed', '47'],
    ['Wheat', '152'],
  ],
];
export const VISITORS = [
  'Museum visitors',
  'Visitors',
  [
    ['Spring', '2840'],
    ['Summer', '4925'],
    ['Autumn', '3310'],
    ['Winter', '1760'],
  ],
];
export const SNOW = [
  'Snow depth in cm',
  'Depth',
  [
    ['Tromso', '84'],
    ['Kiruna', '107'],
    ['Oulu', '59'],
    ['Umea', '36'],
  ],
];

export const ROUTER = [
  'Router status',
  [
    ['Firmware', '4.18.2'],
    ['Uptime', '36 days'],
    ['Connected devices', '17'],
    ['Signal', 'Excellent'],
  ],
];
export const UPLOAD = [
  'Upload failed',
  [
    ['File', 'harbour-map.pdf'],
    ['Size', '48.6 MB'],
    ['Error code', 'E-7041'],
  ],
];
export const BATTERY = [
  'Power',
  [
    ['Battery level', '63%'],
    ['Time remaining', '4 h 25 min'],
    ['Power mode', 'Balanced'],
  ],
];
export const PROFILE = [
  'Account',
  [
    ['Member since', 'June 2019'],
    ['Plan', 'Family'],
    ['Storage used', '71.4 GB'],
    ['Next invoice', '2 May'],
  ],
];
