/** Reporter `html`: the whole run to look at, in one file without a network. */

import { readFileSync } from 'node:fs';
import type { Reporter, RunReport } from '../../report.ts';
import { htmlDocument, type PageTexts } from './document.ts';
import { pageLines } from './page-lines.ts';
import { createPageMedia } from './page-media.ts';

export const html: Reporter = {
  description: 'report.html: figures, charts, media and answers to look at, in one file',
  files: (report) => [{ name: 'report.html', content: { [Symbol.asyncIterator]: () => page(report) } }],
};

function page(report: RunReport): AsyncGenerator<string> {
  const media = createPageMedia(report.media);
  return htmlDocument(`${report.run.name} · earsight`, pageTexts(), pageLines(report, media), {
    [Symbol.iterator]: () => media.lines()[Symbol.iterator](),
  });
}

/** The page that `npm run build` made of `src/report-page/`; the same address from the source and from the package. */
function pageTexts(): PageTexts {
  const read = (name: string) => readFileSync(new URL(`../../../dist/report-page/${name}`, import.meta.url), 'utf8');
  return { script: read('page.js'), style: read('page.css') };
}
