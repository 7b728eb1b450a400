/** Estimates the tokens of a document: its text and an image of each page, or a number for each page, as the vendor says. */

import type { PdfPage } from '../media/pdf.ts';
import type { DocumentRule } from './document-rules.ts';
import { imageTokens } from './image-tokens.ts';
import { resolveDocumentRule, type TokenModel } from './resolve-rule.ts';
import { banded, NO_TOKENS, sumEstimates, type TokenEstimate } from './token-estimate.ts';

/** Known facts of a document. */
export interface DocumentFacts {
  readonly pageCount: number;
  /** Of the first 1,000 pages. */
  readonly pages: readonly PdfPage[];
  readonly texts: readonly string[];
}

/** The two kinds of tokens that a document is billed as. */
export interface DocumentTokens {
  readonly text: TokenEstimate;
  /** Of the pages. */
  readonly image: TokenEstimate;
}

/** Of a document whose pages are not known: from a letter to the longest that vendors take. */
const UNKNOWN_PAGES = [1, 10, 100] as const;
/** Tokens of a page's text: empty, usual, full (Anthropic names 1,500 to 3,000 for dense pages). */
const UNKNOWN_TEXT = [0, 600, 3000] as const;
/** Pixels for a page of a family that is not known. */
const USUAL_EDGE = 1568;
const LETTER: PdfPage = { width: 612, height: 792 };

/** Tokens of one document; null facts = it is not available. `countText` counts text as the model does. */
export function documentTokens(
  model: TokenModel,
  facts: DocumentFacts | null,
  countText: (text: string) => TokenEstimate,
): DocumentTokens {
  const rule = resolveDocumentRule(model);
  if (rule?.isTextOnly === true) return { text: textOf(facts, countText), image: NO_TOKENS };
  if (rule?.perPage !== undefined) return { text: NO_TOKENS, image: byPage(rule.name, rule.perPage, facts) };
  return { text: textOf(facts, countText), image: imagesOf(model, rule, facts) };
}

function byPage(name: string, rates: readonly [number, number, number], facts: DocumentFacts | null): TokenEstimate {
  const [least, usual, most] = pagesOf(facts);
  const [low, expected, high] = rates;
  return banded(expected * usual, [low * least, high * most], name, facts === null ? 'guess' : 'close');
}

function textOf(facts: DocumentFacts | null, countText: (text: string) => TokenEstimate): TokenEstimate {
  if (facts !== null) return sumEstimates(facts.texts.map(countText));
  const [low, expected, high] = UNKNOWN_PAGES.map((pages, index) => pages * (UNKNOWN_TEXT[index] ?? 0));
  return banded(expected ?? 0, [low ?? 0, high ?? 0], 'unknown', 'guess');
}

function imagesOf(model: TokenModel, rule: DocumentRule | null, facts: DocumentFacts | null): TokenEstimate {
  const edge = rule?.pageEdge ?? USUAL_EDGE;
  const known = facts?.pages ?? [LETTER];
  const whole = sumEstimates(known.map((page) => imageTokens(model, scaled(page, edge))));
  const [least, usual, most] = pagesOf(facts).map((count) => count / known.length);
  const [below, above] = rule?.band ?? [0, 4];
  const { low, expected, high } = whole;
  const name = rule?.name ?? 'unknown';
  return banded(
    expected * (usual ?? 1),
    [low * below * (least ?? 1), high * above * (most ?? 1)],
    name,
    facts === null || rule === null ? 'guess' : 'rough',
  );
}

/** The least, the expected and the most pages; null facts = the document is not available. */
export function pagesOf(facts: DocumentFacts | null): readonly [number, number, number] {
  return facts === null ? UNKNOWN_PAGES : [facts.pageCount, facts.pageCount, facts.pageCount];
}

/** A page as an image whose longer side has so many pixels. */
function scaled({ width, height }: PdfPage, edge: number): { readonly width: number; readonly height: number } {
  const factor = edge / Math.max(width, height, 1);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}
