/** The file around the page: its head, its policy, and the blocks with the data. */

import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { escapeTerminal } from '../../text/escape-terminal.ts';

/** The built page: one script and one style sheet. */
export interface PageTexts {
  readonly script: string;
  readonly style: string;
}

/**
 * The file in pieces. Both blocks are base64, so no text of a model can leave them. The policy allows only this script and
 * this style sheet, and loads nothing but embedded media and files beside the page.
 */
export async function* htmlDocument(
  title: string,
  { script, style }: PageTexts,
  lines: AsyncIterable<string>,
  mediaLines: Iterable<string>,
): AsyncGenerator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main id="page"><noscript><p>This report needs JavaScript. The same results are in results.csv, compare.csv and summary.csv beside it.</p></noscript></main>
<script type="text/plain" id="data">
`;
  yield* base64Of(Readable.from(lines).pipe(createGzip({ level: 6 })));
  yield '\n</script>\n<script type="text/plain" id="media">\n';
  yield* mediaLines;
  yield `</script>\n<script>${script}</script>\n</body>\n</html>\n`;
}

function policy(script: string, style: string): string {
  const media = "data: blob: 'self' file:";
  return [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(style)}'`,
    `img-src ${media}`,
    `media-src ${media}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

function sourceHash(text: string): string {
  return `sha256-${hash('sha256', text, 'base64')}`;
}

/** The bytes in base64, in pieces of whole groups. */
async function* base64Of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % 3);
    rest = bytes.subarray(whole);
    if (whole > 0) yield bytes.toString('base64', 0, whole);
  }
  if (rest.length > 0) yield rest.toString('base64');
}

function escapeHtml(text: string): string {
  return escapeTerminal(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
