/** The frame of the pages of `earsight view`: head, style sheet and policy. They have no script. */

import { hash } from 'node:crypto';
import { type Markup, markup } from './markup.ts';

const STYLE = `
:root { color-scheme: light dark; --muted: light-dark(#57606c, #98a3b0); --line: light-dark(#d8dee6, #2b333d); }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; font: 15px/1.5 system-ui, sans-serif; color: light-dark(#1a1f26, #e3e8ee); background: light-dark(#fff, #101418); }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
a { color: light-dark(#0a58b8, #7ab5ff); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .35rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
thead th { font-weight: 600; } tbody th { min-width: 12rem; font-weight: normal; }
.r { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.note { color: var(--muted); } .problem { color: light-dark(#b3262d, #ff8a8a); }
code { font-family: ui-monospace, monospace; font-size: .9em; }
button { font: inherit; padding: .3rem .9rem; margin: .8rem 0; }
label { white-space: nowrap; }
`;

/** Nothing is loaded, not even an icon; a form may be sent to this server only. */
export const PAGE_POLICY = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A whole page. */
export function page(title: string, body: Markup): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · earsight</title>
<link rel="icon" href="data:,">
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.html;
}

/** A page that says why there is nothing to see. */
export function problemPage(message: string, hint?: string): string {
  const advice = hint === undefined ? [] : [markup`<p>${hint}</p>`];
  return page('Not shown', markup`<h1>${message}</h1>${advice}<p><a href="/">All runs</a></p>`);
}
