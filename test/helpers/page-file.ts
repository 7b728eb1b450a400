/** Reads what `report.html` holds without a browser, and without any code of the page. */

import { gunzipSync } from 'node:zlib';
import type { PageHead, PageSample, PageTail } from '../../src/reporters/html/page-data.ts';

export interface PageContent {
  readonly head: PageHead;
  readonly samples: readonly PageSample[];
  readonly tail: PageTail;
  /** Media type by key. */
  readonly media: ReadonlyMap<string, string>;
}

export function readPage(html: string): PageContent {
  const block = (id: string) => new RegExp(`<script type="text/plain" id="${id}">\n([^<]*)</script>`).exec(html)?.[1];
  const lines = gunzipSync(Buffer.from(block('data') ?? '', 'base64'))
    .toString()
    .trimEnd()
    .split('\n');
  const media = (block('media') ?? '').split('\n').filter((line) => line !== '');
  return {
    head: JSON.parse(lines[0] ?? ''),
    samples: lines.slice(1, -1).map((line) => JSON.parse(line)),
    tail: JSON.parse(lines.at(-1) ?? ''),
    media: new Map(media.map((line) => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? ''])),
  };
}
