/** What the pictures show, what is asked about them, and the true answers. */

import { chart, columns, page, receipt, screen, sign, table } from '../generator/layouts.mjs';
import {
  BATTERY,
  BREAD,
  CAFE,
  CLIMATE,
  CYCLISTS,
  FERRY,
  GROCER,
  HARBOUR,
  HARDWARE,
  HARVEST,
  LIBRARY,
  NOTICE,
  ORCHARD,
  PHARMACY,
  PROFILE,
  RIVERS,
  ROUTER,
  SNOW,
  STOCK,
  TERMS,
  TIMES,
  UPLOAD,
  VISITORS,
  WARRANTY,
} from './contents.mjs';

const TRANSCRIBE = 'Transcribe the text in the image.';

/** `asks` are pairs of a prompt and its answer; a transcription is held against its characters, a look-up must be exact. */
const read = (lines) => [{ prompt: TRANSCRIBE, target: lines.join(' '), scorer: 'cer' }];
const ask = (prompt, target) => ({ prompt, target, scorer: 'exact' });

const shown = (slice, name, type, svg, asks, spoil) => ({ slice, file: `images/${name}.${type}`, svg, asks, spoil });

function textPage(slice, name, lines, options = {}, spoil = undefined) {
  return shown(slice, name, spoil === undefined ? 'png' : 'jpg', page(lines, options), read(lines), spoil);
}

/** In the order of the manifest. */
export const PICTURES = [
  textPage('clean', 'clean-ferry', FERRY),
  textPage('clean', 'clean-bread', BREAD, { family: 'Serif' }),
  textPage('clean', 'clean-notice', NOTICE, { family: 'Sans Mono', size: 22 }),
  textPage('clean', 'clean-library', LIBRARY, { family: 'Sans Condensed', size: 20 }),

  shown('columns', 'columns-harbour', 'png', columns(...HARBOUR), read(HARBOUR.flat())),
  shown('columns', 'columns-orchard', 'png', columns(...ORCHARD), read(ORCHARD.flat())),
  textPage('small-print', 'small-print-warranty', WARRANTY, { size: 15, family: 'Serif', width: 1000 }),
  textPage('small-print', 'small-print-terms', TERMS, { size: 11, family: 'Sans Condensed', width: 680 }),

  shown('receipt', 'receipt-grocer', 'png', receipt(GROCER), [
    ask('What is the total?', '21.38'),
    ask('What is the price of the rye bread?', '4.20'),
  ]),
  shown('receipt', 'receipt-cafe', 'png', receipt(CAFE, { ground: '#f6f1e3' }), [
    ask('What is the amount due?', '12.38'),
    ask('How much is the lemon cake?', '4.75'),
  ]),
  shown(
    'receipt',
    'receipt-hardware',
    'jpg',
    receipt(HARDWARE),
    [ask('What is the change?', '1.06'), ask('What is the total?', '18.94')],
    {},
  ),
  shown(
    'receipt',
    'receipt-pharmacy',
    'jpg',
    receipt(PHARMACY, { ground: '#eef0ea' }),
    [ask('How much is the cough syrup?', '8.30')],
    { blur: 0.7 },
  ),

  shown(
    'sign',
    'sign-quiet',
    'png',
    sign(['QUIET PLEASE', 'Examination in progress'], { plate: '#1f5fa8' }),
    read(['QUIET PLEASE', 'Examination in progress']),
  ),
  shown(
    'sign',
    'sign-exit',
    'png',
    sign(['NIGHT EXIT', 'Push bar to open'], { plate: '#18794e' }),
    read(['NIGHT EXIT', 'Push bar to open']),
  ),
  shown(
    'sign',
    'sign-works',
    'png',
    sign(['ROAD WORKS', 'Expect delays until 26 August'], { plate: '#f2b824', fill: '#1a1a1a' }),
    read(['ROAD WORKS', 'Expect delays until 26 August']),
  ),
  shown(
    'sign',
    'sign-fragile',
    'jpg',
    sign(['FRAGILE', 'This side up'], { plate: '#b3261e', size: 72 }),
    read(['FRAGILE', 'This side up']),
    { blur: 1.2 },
  ),

  shown('table', 'table-rivers', 'png', table(...RIVERS), [
    ask('What is the length of the Duero?', '897 km'),
    ask('What is the depth of the Lech?', '29 m'),
  ]),
  shown('table', 'table-times', 'png', table(...TIMES, { grid: false }), [
    ask('What is the platform of Skane?', '4'),
    ask('What is the departure of Dalarna?', '09:39'),
  ]),
  shown('table', 'table-stock', 'png', table(...STOCK, { family: 'Sans Mono', grid: false }), [
    ask('What is the shelf of the spindle?', 'C02'),
    ask('What is the largest number?', '1275'),
  ]),
  shown('table', 'table-climate', 'png', table(...CLIMATE), [
    ask('What is the humidity in Malaga?', '64%'),
    ask('What is the wind in Dakar?', '21 km/h'),
  ]),

  shown('chart', 'chart-cyclists', 'png', chart(...CYCLISTS), [
    ask('What is the title of the chart?', 'Cyclists per day'),
    ask('Which day has the largest value?', 'Thu'),
  ]),
  shown('chart', 'chart-harvest', 'png', chart(...HARVEST, { colour: '#b8860b' }), [
    ask('What is the largest value shown?', '152'),
    ask('Which crop has the smallest value?', 'Rapeseed'),
  ]),
  shown('chart', 'chart-visitors', 'png', chart(...VISITORS, { colour: '#7a4fa3', flat: true }), [
    ask('Which season has the largest value?', 'Summer'),
    ask('What is the value of Autumn?', '3310'),
  ]),
  shown('chart', 'chart-snow', 'png', chart(...SNOW, { colour: '#3c8f8a', flat: true }), [
    ask('What is the title of the chart?', 'Snow depth in cm'),
    ask('What is the smallest value shown?', '36'),
  ]),

  shown('screen', 'screen-router', 'png', screen(...ROUTER), [
    ask('What is the firmware?', '4.18.2'),
    ask('What is the uptime?', '36 days'),
  ]),
  shown('screen', 'screen-upload', 'png', screen(...UPLOAD), [ask('What is the error code?', 'E-7041')]),
  shown('screen', 'screen-battery', 'png', screen(...BATTERY, { dark: true }), [
    ask('What is the battery level?', '63%'),
  ]),
  shown('screen', 'screen-account', 'png', screen(...PROFILE, { dark: true }), [
    ask('What is the storage used?', '71.4 GB'),
    ask('What is the plan?', 'Family'),
  ]),

  textPage('noise', 'noise-page', FERRY.slice(0, 2), {}, { noise: 60 }),
  shown('noise', 'noise-receipt', 'jpg', receipt(CAFE), [ask('What is the amount due?', '12.38')], { noise: 45 }),

  textPage('specks', 'specks-page', BREAD.slice(0, 2), { size: 28 }, { salt: 0.08 }),
  textPage('specks', 'specks-notice', NOTICE, { size: 30 }, { salt: 0.05 }),

  textPage('rotation', 'rotation-page', LIBRARY.slice(0, 2), { turn: 4 }),
  textPage('rotation', 'rotation-quarter', NOTICE, { turn: 90 }),
  shown('rotation', 'rotation-receipt', 'png', receipt(PHARMACY, { turn: -6 }), [ask('What is the total?', '27.74')]),
  shown('rotation', 'rotation-table', 'png', table(...TIMES, { turn: 10 }), [
    ask('What is the platform of Norrland?', '11'),
  ]),

  textPage('low-contrast', 'low-contrast-page', NOTICE.slice(0, 2), { fill: '#dcdcdc' }),
  textPage(
    'low-contrast',
    'low-contrast-dark',
    BREAD.slice(1),
    { fill: '#3b3b44', ground: '#2a2a31' },
    { noise: 4, quality: 90 },
  ),
  shown(
    'low-contrast',
    'low-contrast-faded',
    'jpg',
    receipt(HARDWARE, { fill: '#cfcac2', ground: '#f4f0e6' }),
    [ask('What is the change?', '1.06')],
    { blur: 0.6 },
  ),
];
