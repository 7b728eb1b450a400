/** Reads PDF documents with the optional package `@hyzyla/pdfium`, which the first document loads: pages, their sizes, text and pictures. */

import type { PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium';
import { loadOptional } from '../optional-package.ts';
import { pngBytes } from './write-png.ts';

/** A page in points of 1/72 inch, upright. */
export interface PdfPage {
  readonly width: number;
  readonly height: number;
}

/** What is known of a document that can be read. */
export interface PdfFacts {
  /** At least 1. */
  readonly pageCount: number;
  /** Of the first 1,000 pages; no vendor takes more. */
  readonly pages: readonly PdfPage[];
  /** The text of each of them; '' for a scan. */
  readonly texts: readonly string[];
}

/** Why a document cannot be used; `message` follows its name. */
export interface PdfFault {
  readonly message: string;
  readonly hint?: string;
}

/** Characters of text that are kept for documents that were read before: some 10,000 pages. */
const MAX_KEPT_CHARACTERS = 32 * 2 ** 20;

const MAX_PAGES_READ = 1000;

const known = new Map<string, PdfFacts | PdfFault>();
let keptCharacters = 0;
let library: Promise<PDFiumLibrary | null> | undefined;

/**
 * Reads a document, once for each content. `sha256` is that of the bytes.
 * null = the package is not installed, which the check of packages says.
 */
export async function readPdf(sha256: string, bytesOf: () => Promise<Uint8Array>): Promise<PdfFacts | PdfFault | null> {
  const earlier = known.get(sha256);
  if (earlier !== undefined) return earlier;
  const pdfium = await loadPdfium();
  if (pdfium === null) return null;
  const facts = await withDocument(pdfium, await bytesOf(), readFacts);
  remember(sha256, facts);
  return facts;
}

function remember(sha256: string, facts: PdfFacts | PdfFault): void {
  if (known.has(sha256)) return;
  known.set(sha256, facts);
  keptCharacters += sizeOf(facts);
  for (const [key, oldest] of known) {
    if (keptCharacters <= MAX_KEPT_CHARACTERS) break;
    known.delete(key);
    keptCharacters -= sizeOf(oldest);
  }
}

function sizeOf(facts: PdfFacts | PdfFault): number {
  return 'pages' in facts ? facts.texts.reduce((sum, text) => sum + text.length, 100 * facts.pages.length) : 100;
}

/** Loaded once; it takes 11 MB and a tenth of a second. */
function loadPdfium(): Promise<PDFiumLibrary | null> {
  library ??= import('@hyzyla/pdfium').then(
    ({ PDFiumLibrary: Library }) => Library.init(),
    () => null,
  );
  return library;
}

/** Opens a document for as long as `use` runs. */
async function withDocument<T>(
  pdfium: PDFiumLibrary,
  bytes: Uint8Array,
  use: (document: PDFiumDocument) => T | Promise<T>,
): Promise<T | PdfFault> {
  if (!hasEnd(bytes)) return { message: 'is a PDF that is cut off: its end is missing', hint: 'get the whole file' };
  let document: PDFiumDocument;
  try {
    document = await pdfium.loadDocument(bytes);
  } catch (error) {
    return faultOf(error);
  }
  try {
    return document.getPageCount() === 0 ? { message: 'is a PDF with 0 pages' } : await use(document);
  } catch {
    return { message: 'is a PDF that cannot be read', hint: 'repair it, for example: qpdf IN.pdf OUT.pdf' };
  } finally {
    document.destroy();
  }
}

/** Pixels of the largest picture of a page. */
const MAX_PIXELS = 100_000_000;

/** Points per inch. */
const POINTS = 72;

/** The pixels of a page at a resolution; `dpi` in pixels per inch. */
export function pageSize({ width, height }: PdfPage, dpi: number): { readonly width: number; readonly height: number } {
  // PDFium's binding cuts the points before it scales them.
  const pixels = (points: number) => Math.max(1, Math.floor((Math.floor(points) * dpi) / POINTS));
  return { width: pixels(width), height: pixels(height) };
}

/**
 * A picture of a page as a PNG; `page` counts from 1.
 * @throws {InputError} with the command that installs the package.
 */
export async function renderPage(bytes: Uint8Array, page: number, dpi: number): Promise<Buffer | PdfFault> {
  const pdfium = await loadOptional('@hyzyla/pdfium', requirePdfium, 'this needs');
  return withDocument(pdfium, bytes, async (document) => {
    const one = document.getPage(page - 1);
    const { originalWidth, originalHeight } = one.getOriginalSize();
    const size = pageSize({ width: originalWidth, height: originalHeight }, dpi);
    if (size.width * size.height > MAX_PIXELS)
      return { message: `has a page of more than ${MAX_PIXELS / 1e6} megapixels`, hint: 'use a lower media.dpi' };
    const { data, width, height } = await one.render({ scale: dpi / POINTS, renderFormFields: true });
    return pngBytes(width, height, rowsOf(data, width, height));
  });
}

async function requirePdfium(): Promise<PDFiumLibrary> {
  const pdfium = await loadPdfium();
  if (pdfium === null) throw new Error('it is not installed');
  return pdfium;
}

/** RGBA to rows of RGB, each after the byte of no filter. */
function rowsOf(data: Uint8Array, width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0, to = 0, from = 0; y < height; y += 1) {
    to += 1;
    for (let x = 0; x < width; x += 1, from += 4) {
      rows[to] = data[from + RED] ?? 0;
      rows[to + 1] = data[from + 1] ?? 0;
      rows[to + 2] = data[from + BLUE] ?? 0;
      to += 3;
    }
  }
  return rows;
}

/** Places of the colours in a pixel of the renderer. */
const RED = 0;
const BLUE = 2;

/** Acrobat looks for the mark in the last 1,024 bytes. PDFium repairs files without it, and would leave pages out. */
function hasEnd(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(-1024)).includes('%%EOF');
}

function faultOf(error: unknown): PdfFault {
  const reason = error instanceof Error ? error.message : '';
  return /password|security|encrypt/i.test(reason)
    ? { message: 'is an encrypted PDF', hint: 'remove its password, for example: qpdf --decrypt IN.pdf OUT.pdf' }
    : { message: 'is not a readable PDF', hint: 'repair it, for example: qpdf IN.pdf OUT.pdf' };
}

function readFacts(document: PDFiumDocument): PdfFacts {
  const pages: PdfPage[] = [];
  const texts: string[] = [];
  const pageCount = document.getPageCount();
  for (let index = 0; index < Math.min(pageCount, MAX_PAGES_READ); index += 1) {
    const page = document.getPage(index);
    const { originalWidth, originalHeight } = page.getOriginalSize();
    pages.push({ width: originalWidth, height: originalHeight });
    texts.push(page.getText());
  }
  return { pageCount, pages, texts };
}
