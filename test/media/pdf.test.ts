import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { pageSize, readPdf, renderPage } from '../../src/media/pdf.ts';
import { pdfBytes } from '../helpers/pdf.ts';

const read = (bytes: Buffer) => readPdf(hash('sha256', bytes), async () => bytes);

test('reads the pages of a document with their sizes and texts', async () => {
  expect(await read(pdfBytes({ texts: ['Page one', ''], width: 300, height: 200 }))).toEqual({
    pageCount: 2,
    pages: [
      { width: 300, height: 200 },
      { width: 300, height: 200 },
    ],
    texts: ['Page one', ''],
  });
});

test('reads the bytes of one content once', async () => {
  const bytes = pdfBytes({ texts: ['once'] });
  let reads = 0;
  const bytesOf = async () => {
    reads += 1;
    return bytes;
  };

  const first = await readPdf('once', bytesOf);

  expect(await readPdf('once', bytesOf)).toBe(first);
  expect(reads).toBe(1);
});

test.each<readonly [what: string, bytes: Buffer, message: string]>([
  ['an encrypted one', pdfBytes({ isEncrypted: true }), 'is an encrypted PDF'],
  ['one that is cut off', pdfBytes().subarray(0, -200), 'is a PDF that is cut off: its end is missing'],
  ['one without pages', pdfBytes({ texts: [] }), 'is a PDF with 0 pages'],
  ['one that only begins and ends like one', Buffer.from('%PDF-1.4\nnothing\n%%EOF'), 'is not a readable PDF'],
])('says why %s cannot be used', async (_what, bytes, message) => {
  expect(await read(bytes)).toMatchObject({ message });
});

test.each([
  [612, 792, 150],
  [300.3, 200.7, 97],
  [5, 5, 36],
])('a page of %d x %d points at %d pixels per inch has the size that estimates expect', async (width, height, dpi) => {
  const png = await renderPage(pdfBytes({ width, height }), 1, dpi);

  if (!Buffer.isBuffer(png)) throw new Error(png.message);
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  expect({ width: png.readUInt32BE(16), height: png.readUInt32BE(20) }).toEqual(pageSize({ width, height }, dpi));
});

test('a page of more pixels than memory has is not drawn', async () => {
  expect(await renderPage(pdfBytes({ width: 14_400, height: 14_400 }), 1, 600)).toEqual({
    message: 'has a page of more than 100 megapixels',
    hint: 'use a lower media.dpi',
  });
});
