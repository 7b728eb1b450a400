/** Shows a document in a report: how many pages it has, and a picture of the first. */

import { MAX_THUMBNAIL_EDGE, thumbnail } from '../dataset/thumbnail.ts';
import { type PdfFault, readPdf, renderPage } from '../media/pdf.ts';
import { DEFAULT_DPI } from '../media-transform.ts';
import type { EmbedMode, ShownMedia } from '../shown-media.ts';

/** Points per inch. */
const POINTS = 72;

/** Without the package that reads documents, there is only the link. */
export async function firstPage(
  sha256: string,
  bytes: Buffer,
  mode: EmbedMode,
): Promise<Pick<ShownMedia, 'content' | 'pages'> | PdfFault> {
  const facts = await readPdf(sha256, async () => bytes);
  if (facts === null) return { content: null };
  if ('message' in facts) return facts;
  const { width, height } = facts.pages[0] ?? { width: 1, height: 1 };
  const dpi =
    mode === 'full' ? DEFAULT_DPI : Math.min(DEFAULT_DPI, (POINTS * MAX_THUMBNAIL_EDGE) / Math.max(width, height, 1));
  const png = await renderPage(bytes, 1, dpi);
  if (!Buffer.isBuffer(png)) return { content: null, pages: facts.pageCount };
  const whole = { bytes: png, mediaType: 'image/png' };
  const picture = mode === 'full' ? whole : ((await thumbnail(whole)) ?? whole);
  return { content: { key: sha256, ...picture }, pages: facts.pageCount };
}
