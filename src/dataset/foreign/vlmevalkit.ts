/** Tables of VLMEvalKit: a question and its images in base64 on each line. */

import { quote } from '../../text/quote.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow } from '../raw-row.ts';
import { sniffMediaType } from '../sniff.ts';
import type { ForeignFormat } from './foreign-format.ts';
import { asMetadata, optionLines } from './foreign-values.ts';
import { readTable, type TableCells } from './read-table.ts';

export const vlmevalkit: ForeignFormat = {
  description: 'tables of VLMEvalKit, TSV: index, image (base64) or image_path, question, hint, A to Z, answer',
  source: 'VLMEvalKit: docs/en/Development.md, vlmeval/dataset/image_base.py, image_mcq.py',
  extensions: ['.tsv'],
  shape: 'table',
  matches: (names) =>
    ['index', 'question'].every((name) => names.includes(name)) &&
    ['image', 'image_path'].some((name) => names.includes(name)),
  read: readVlmEvalKit,
};

async function* readVlmEvalKit(path: string): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  const images = await readShared(path);
  for await (const items of readTable(path))
    yield items.map((item) => {
      if ('message' in item) return item;
      const { index, image } = item.cells;
      if (index !== undefined && image !== undefined && images.has(index)) images.set(index, image);
      return toRow(item, images);
    });
}

/** A shorter image is the index of the row that has it: a question with rotated options needs its image only once. */
const MAX_INDEX = 64;

/** The indexes that other rows name; only their images are kept. */
async function readShared(path: string): Promise<Map<string, string>> {
  const named = new Map<string, string>();
  for await (const items of readTable(path))
    for (const item of items) {
      const image = 'cells' in item ? item.cells['image'] : undefined;
      if (image !== undefined && image.length <= MAX_INDEX) named.set(image, '');
    }
  return named;
}

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

function toRow({ line, cells }: TableCells, shared: ReadonlyMap<string, string>): NamedRow | Defect {
  const { index, image, image_path, question, hint, answer, ...rest } = cells;
  if (question === undefined) return { line, message: 'has no "question"' };
  const own = image !== undefined && image.length <= MAX_INDEX ? shared.get(image) : image;
  if (own === '')
    return {
      line,
      message: `image ${quote(image ?? '')} is in no row above`,
      hint: 'put the row with the image first',
    };
  const media = mediaOf(own, image_path);
  if (media === undefined)
    return { line, message: 'its list of images is not a list of texts', hint: "write ['...', '...']" };
  const options = LETTERS.flatMap((letter) => (rest[letter] === undefined ? [] : [[letter, rest[letter]] as const]));
  const others = Object.fromEntries(Object.entries(rest).filter(([name]) => !LETTERS.includes(name)));
  const content = contentOf(promptOf(question, hint, options), media);
  if (typeof content === 'string') return { line, message: content };
  return {
    line,
    values: {
      id: index,
      messages: [{ role: 'user', content }],
      target: answer,
      ...(options.length === 0 ? {} : { 'meta.choices': options.map(([, text]) => text) }),
      // Beside an image, its path is the name under which VLMEvalKit writes it.
      ...asMetadata(own === undefined || image_path === undefined ? others : { ...others, image_path }),
    },
  };
}

/** Data URLs of the images, or their paths; undefined when a list of them cannot be read. */
function mediaOf(image: string | undefined, path: string | undefined): readonly string[] | undefined {
  if (image !== undefined) return listOf(image)?.map(dataUrl);
  return path === undefined ? [] : listOf(path);
}

/** A Python list of texts, or one text. */
function listOf(cell: string): readonly string[] | undefined {
  if (!(cell.startsWith('[') && cell.endsWith(']'))) return [cell];
  const texts = [...cell.matchAll(/'([^'\\]*)'|"([^"\\]*)"/gu)].map(([, single, double]) => single ?? double ?? '');
  const isList = /^\[[\s,]*\]$/u.test(cell.replace(/'[^'\\]*'|"[^"\\]*"/gu, ''));
  return isList && texts.length > 0 ? texts : undefined;
}

/** VLMEvalKit writes JPEG if nothing else; the bytes decide. */
function dataUrl(base64: string): string {
  const mediaType = sniffMediaType(Buffer.from(base64.slice(0, 128), 'base64')) ?? '';
  return `data:${mediaType};base64,${base64}`;
}

/** The text as VLMEvalKit writes it: for multiple choice with hint and options, else the question alone. */
function promptOf(
  question: string,
  hint: string | undefined,
  options: readonly (readonly [letter: string, text: string])[],
): string {
  if (options.length === 0) return hint === undefined ? question : `Hint: ${hint}\nQuestion: ${question}`;
  return [
    ...(hint === undefined ? [] : [`Hint: ${hint}`]),
    `Question: ${question}`,
    'Options:',
    optionLines(options, '.'),
    'Please select the correct answer from the options above.',
  ].join('\n');
}

/** Images first, then the text; or each image where the text has `<image 1>`. A text says what is wrong. */
function contentOf(text: string, media: readonly string[]): readonly unknown[] | string {
  const pieces = text.split(/<image (\d{1,3})>/u);
  if (pieces.length === 1) return [...media.map((path) => ({ type: 'image', path })), { type: 'text', text }];
  const missing = pieces.find((piece, index) => index % 2 === 1 && media[Number(piece) - 1] === undefined);
  if (missing !== undefined) return `the text names image ${missing}, but the row has ${media.length}`;
  const named = new Set(pieces.filter((_, index) => index % 2 === 1).map((piece) => Number(piece) - 1));
  const unnamed = media.filter((_, index) => !named.has(index)).map((path) => ({ type: 'image', path }));
  const placed = pieces.flatMap((piece, index): readonly object[] => {
    if (index % 2 === 1) return [{ type: 'image', path: media[Number(piece) - 1] }];
    return piece.trim() === '' ? [] : [{ type: 'text', text: piece }];
  });
  return [...unnamed, ...placed];
}
