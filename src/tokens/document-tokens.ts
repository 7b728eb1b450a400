/** Estimates the tokens of a document: its text and an image of each page, or a number for each page, as the vendor says. */

import type { PdfPage } from '../media/pdf.ts';
import { comparableModel } from '../models/model-name.ts';
import { imageTokens } from './image-tokens.ts';
import type { TokenModel } from './resolve-rule.ts';
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

/** How a family counts documents. */
export interface DocumentRule {
  readonly name: string;
  readonly models: RegExp;
  readonly source: string;
  /** ISO date on which the source was read. */
  readonly readOn: string;
  /** Low, expected and high for a page; absent = text, and an image of each page. */
  readonly perPage?: readonly [number, number, number];
  /** Pixels of the longer side of a page's image. */
  readonly pageEdge?: number;
  /** Factors of the images' band: the vendor does not say how large they are. */
  readonly band?: readonly [number, number];
}

const READ_ON = '2026-11-30';

/** The first that matches counts. */
export const DOCUMENT_RULES: readonly DocumentRule[] = [
  {
    name: 'gemini-3-pages',
    models: /gemini-([3-9]|(pro|flash|flash-lite)-latest)/,
    source: 'ai.google.dev, media resolution: 560 a page by default, 280 to 1,120; text of the file is free',
    readOn: READ_ON,
    perPage: [280, 560, 1120],
  },
  {
    name: 'gemini-pages',
    models: /gemini/,
    source: 'ai.google.dev, document understanding: 258 a page',
    readOn: READ_ON,
    perPage: [258, 258, 258],
  },
  {
    name: 'claude-pages',
    models: /claude/,
    source: 'platform.claude.com, PDF support: the text, and each page as an image',
    readOn: READ_ON,
    pageEdge: 1568,
    band: [0.5, 1.5],
  },
  {
    name: 'openai-pages',
    models: /gpt-|(^|[^a-z0-9])o\d/,
    source: 'developers.openai.com, file inputs: the extracted text, and an image of each page',
    readOn: READ_ON,
    pageEdge: 1325,
    band: [0.3, 2],
  },
];

/** Of a document whose pages are not known: from a letter to the longest that vendors take. */
const UNKNOWN_PAGES = [1, 10, 100] as const;
/** Tokens of a page's text: empty, usual, full (Anthropic names 1,500 to 3,000 for dense pages). */
const UNKNOWN_TEXT = [0, 600, 3000] as const;
/** Pixels for a page of a family that is not known. */
const USUAL_EDGE = 1568;
const LETTER: PdfPage = { width: 612, height: 792 };

/** The rule of a model; null = its documents are counted as text and page images within a wide band. */
export function documentRuleOf({ model }: Pick<TokenModel, 'model'>): DocumentRule | null {
  return DOCUMENT_RULES.find(({ models }) => models.test(comparableModel(model))) ?? null;
}

/** Tokens of one document; null facts = it is not available. `countText` counts text as the model does. */
export function documentTokens(
  model: TokenModel,
  facts: DocumentFacts | null,
  countText: (text: string) => TokenEstimate,
): DocumentTokens {
  const rule = documentRuleOf(model);
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
