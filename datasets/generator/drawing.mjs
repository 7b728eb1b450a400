/** Draws pictures as SVG with the DejaVu fonts and spoils them on purpose: contrast, noise, blur, JPEG. */

import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import sharp from 'sharp';
import { seededNormal, seededRandom } from './random.mjs';

const require = createRequire(import.meta.url);
const FONTS = [
  'Sans',
  'Sans-Bold',
  'SansCondensed',
  'SansMono',
  'SansMono-Bold',
  'Serif',
  'Serif-Bold',
  'Serif-Italic',
];
const fontFiles = FONTS.map((name) => require.resolve(`dejavu-fonts-ttf/ttf/DejaVu${name}.ttf`));

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

/** One line of text; `style` is SVG attributes, e.g. `{ size: 20, weight: 'bold', anchor: 'end' }`. */
export function text(
  x,
  y,
  content,
  { size = 20, family = 'Sans', weight = 'normal', slant = 'normal', anchor = 'start', fill = '#111', turn } = {},
) {
  const transform = turn === undefined ? '' : ` transform="rotate(${turn} ${x} ${y})"`;
  return `<text x="${x}" y="${y}" font-family="DejaVu ${family}" font-size="${size}" font-weight="${weight}" font-style="${slant}" text-anchor="${anchor}" fill="${fill}"${transform}>${escaped(content)}</text>`;
}

export function rect(x, y, width, height, fill, stroke = 'none', radius = 0) {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="1.5"/>`;
}

export function line(x1, y1, x2, y2, stroke = '#444') {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${stroke}" stroke-width="1.5"/>`;
}

/** A picture on a plain ground; `turn` tilts what is drawn by that many degrees, and the ground grows to hold it. */
export function picture(width, height, shapes, { ground = '#ffffff', turn = 0 } = {}) {
  const slope = Math.sin((Math.abs(turn) * Math.PI) / 180);
  const [moreX, moreY] = [Math.round((height * slope) / 2), Math.round((width * slope) / 2)];
  const [fullWidth, fullHeight] = [width + 2 * moreX, height + 2 * moreY];
  const body = shapes.flat(Number.POSITIVE_INFINITY).join('');
  const tilted = `<g transform="rotate(${turn} ${fullWidth / 2} ${fullHeight / 2}) translate(${moreX} ${moreY})">${body}</g>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}">${rect(0, 0, fullWidth, fullHeight, ground)}${tilted}</svg>`;
}

/** The picture's bytes as its file name asks: PNG as drawn, JPEG after `spoil`. */
export async function render({ svg, file, spoil }, seed) {
  const drawn = new Resvg(svg, {
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'DejaVu Sans' },
  }).render();
  if (file.endsWith('.png')) return drawn.asPng();
  const raw = { width: drawn.width, height: drawn.height, channels: 4 };
  const pixels = await sharp(drawn.pixels, { raw }).removeAlpha().raw().toBuffer();
  if (spoil?.contrast !== undefined) reduceContrast(pixels, spoil.contrast);
  if (spoil?.noise !== undefined) addNoise(pixels, spoil.noise, seed);
  if (spoil?.salt !== undefined) addSalt(pixels, spoil.salt, seed);
  const image = sharp(pixels, { raw: { ...raw, channels: 3 } });
  return (spoil?.blur === undefined ? image : image.blur(spoil.blur))
    .jpeg({ quality: spoil?.quality ?? 80 })
    .toBuffer();
}

/** Brings every channel closer to the mean of the picture. */
function reduceContrast(pixels, share) {
  let sum = 0;
  for (const value of pixels) sum += value;
  const mean = sum / pixels.length;
  for (const [at, value] of pixels.entries()) pixels[at] = Math.round(mean + share * (value - mean));
}

/** Gaussian noise, the same on all three channels of a pixel. */
function addNoise(pixels, deviation, seed) {
  const normal = seededNormal(seed);
  for (let at = 0; at < pixels.length; at += 3) {
    const shift = deviation * normal();
    for (let channel = 0; channel < 3; channel += 1)
      pixels[at + channel] = Math.max(0, Math.min(255, Math.round(pixels[at + channel] + shift)));
  }
}

/** A share of the pixels turns black or white. */
function addSalt(pixels, share, seed) {
  const random = seededRandom(seed);
  for (let at = 0; at < pixels.length; at += 3) {
    if (random() < share) pixels.fill(random() < 0.5 ? 0 : 255, at, at + 3);
  }
}
