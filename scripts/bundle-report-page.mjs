// Bundles the page of report.html, run before tsc's output is used: node scripts/bundle-report-page.mjs
//
// `dist/report-page/page.js` and `page.css` are what the reporter `html` puts into each report.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, 'dist', 'report-page');

await build({
  absWorkingDir: ROOT,
  entryPoints: [
    { in: 'src/report-page/main.tsx', out: 'page' },
    { in: 'src/report-page/page.css', out: 'page' },
  ],
  outdir: OUT,
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
  banner: { js: `/* Holds preact, under the MIT licence: ${licenceOf('preact')} */` },
});

// A script that names its own end tag would end early in the page.
for (const name of ['page.js', 'page.css']) {
  const text = readFileSync(join(OUT, name), 'utf8').trim();
  if (/<\/(?:script|style)|<!--/iu.test(text))
    throw new Error(`${name} holds an end tag and cannot be put into a page`);
  writeFileSync(join(OUT, name), text);
}

/** The licence must travel with the code; each report holds it. */
function licenceOf(name) {
  return readFileSync(join(ROOT, 'node_modules', name, 'LICENSE'), 'utf8')
    .replace(/\s+/gu, ' ')
    .replaceAll('*/', '')
    .trim();
}
