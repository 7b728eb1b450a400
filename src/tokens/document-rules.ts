/** Every rule by which vendors count documents. */

/** How a family counts documents. */
export interface DocumentRule {
  readonly name: string;
  /** Absent = only models whose configuration names the rule. */
  readonly models?: RegExp;
  readonly source: string;
  /** ISO date on which the source was read. */
  readonly readOn: string;
  /** The settings of a configuration with their defaults; absent = there are none. */
  readonly defaults?: Readonly<Record<string, number>>;
  /** Only the text counts. */
  readonly isTextOnly?: true;
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
    source:
      'https://ai.google.dev/gemini-api/docs/media-resolution, 560 a page by default, 280 to 1,120; text of the file is free',
    readOn: READ_ON,
    perPage: [280, 560, 1120],
  },
  {
    name: 'gemini-pages',
    models: /gemini/,
    source: 'https://ai.google.dev/gemini-api/docs/document-processing, 258 a page',
    readOn: READ_ON,
    perPage: [258, 258, 258],
  },
  {
    name: 'claude-pages',
    models: /claude/,
    source: 'https://platform.claude.com/docs/en/build-with-claude/pdf-support, the text, and each page as an image',
    readOn: READ_ON,
    pageEdge: 1568,
    band: [0.5, 1.5],
  },
  {
    name: 'openai-pages',
    models: /gpt-|(^|[^a-z0-9])o\d/,
    source: 'https://developers.openai.com/api/docs/guides/file-inputs, the extracted text, and an image of each page',
    readOn: READ_ON,
    pageEdge: 1325,
    band: [0.3, 2],
  },
  {
    name: 'flat',
    source: 'by configuration: the same for every page, the text is free',
    readOn: READ_ON,
    defaults: { tokens: 258 },
    perPage: [258, 258, 258],
  },
  {
    name: 'text',
    source: 'by configuration: servers that read only the text',
    readOn: READ_ON,
    isTextOnly: true,
  },
];
