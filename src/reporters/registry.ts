/** Every reporter by name. */

import type { Reporter } from '../report.ts';
import { csv } from './csv.ts';
import { html } from './html/html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { parquet } from './parquet/parquet.ts';
import { xlsx } from './xlsx/xlsx.ts';

/** The reporters; a new one is one file and one line here. */
export const REPORTERS = { csv, html, markdown, json, junit, xlsx, parquet } as const satisfies Record<
  string,
  Reporter
>;

/** A name for `reporters` in a configuration. */
export type ReporterName = keyof typeof REPORTERS;
