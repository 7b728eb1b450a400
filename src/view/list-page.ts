/** The page with all runs of a results folder. */

import { cost, NONE, percentWithInterval } from '../reporters/figures-for-people.ts';
import type { ModelOverview } from '../reporters/overview.ts';
import { type Markup, markup, NOTHING } from './markup.ts';
import { page } from './page.ts';
import type { ListedRun } from './run-list.ts';
import { REPORT_FILE } from './send-file.ts';

/** Runs on one page. */
export const RUNS_SHOWN = 200;

/** What the page shows: some of all runs. */
export interface RunListPart {
  readonly runs: readonly ListedRun[];
  /** Position of the first one. */
  readonly from: number;
  readonly all: number;
  /** How people name the folder of a run on their command line. */
  readonly nameOf: (folder: string) => string;
}

export function listPage({ runs, from, all, nameOf }: RunListPart): string {
  const older = from + runs.length < all;
  const place = runs.length === all ? '' : `, ${from + 1} to ${from + runs.length} are shown`;
  return page(
    'Runs',
    markup`<h1>Runs</h1>
<p class="note">${all} ${all === 1 ? 'run' : 'runs'}, the newest first${place}</p>
<form action="/compare" method="get">
<div class="scroll"><table>
<thead><tr><th>compare</th><th>run</th><th class="r">samples</th><th>model</th><th class="r">score</th><th class="r">failed</th><th class="r">cost</th></tr></thead>
<tbody>
${runs.map((run) => runRows(run, nameOf(run.folder)))}
</tbody></table></div>
<button>Compare A with B</button>
</form>
${from > 0 ? markup`<p><a href="/?from=${Math.max(0, from - RUNS_SHOWN)}">Newer runs</a></p>` : NOTHING}
${older ? markup`<p><a href="/?from=${from + RUNS_SHOWN}">Older runs</a></p>` : NOTHING}`,
  );
}

/** A row a model; the first one begins with the run. */
function runRows(run: ListedRun, name: string): Markup {
  const { info, folder } = run;
  const models = run.models ?? (info?.models ?? []).map(({ id }) => ({ id }));
  const rows = Math.max(1, models.length);
  const [first, ...others] = models.map(modelCells);
  return markup`<tr><td rowspan="${rows}">${info === null ? NOTHING : choice(folder)}</td><th scope="rowgroup" rowspan="${rows}">${runCell(run, name)}</th><td class="r" rowspan="${rows}">${info?.dataset.samples ?? NONE}</td>${first ?? modelCells(null)}</tr>
${others.map((cells) => markup`<tr>${cells}</tr>\n`)}`;
}

function choice(folder: string): Markup {
  const option = (name: string) =>
    markup`<label><input type="radio" name="${name}" value="${folder}" aria-label="${name.toUpperCase()}: ${folder}" required> ${name.toUpperCase()}</label>`;
  return markup`${option('a')} ${option('b')}`;
}

function runCell({ folder, info, models, hasReport, problems }: ListedRun, name: string): Markup {
  const path = encodeURIComponent(folder);
  const title = hasReport ? markup`<a href="/runs/${path}/${REPORT_FILE}">${folder}</a>` : markup`${folder}`;
  const when =
    info === null ? NOTHING : markup`<br><span class="note">${info.name} · ${timeText(info.createdAt)}</span>`;
  const several =
    info !== null && info.models.length > 1 ? markup`<br><a href="/compare?a=${path}">compare its models</a>` : NOTHING;
  const missing = [
    ...(hasReport || info === null ? [] : [reportCommand(name, 'html')]),
    ...(models !== null || info === null ? [] : [reportCommand(name, 'csv')]),
  ];
  return markup`${title}${when}${several}${problems.map((problem) => markup`<br><span class="problem">${problem}</span>`)}${missing.map((command) => markup`<br><code>${command}</code>`)}`;
}

/** The command that makes what a run lacks. */
export function reportCommand(name: string, reporter: string): string {
  return `earsight report ${name} --reporter ${reporter}`;
}

/** `2026-11-23 08:30 UTC`. */
function timeText(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function modelCells(model: ModelOverview | { readonly id: string } | null): Markup {
  if (model === null || !('score' in model))
    return markup`<td>${model?.id ?? NONE}</td><td class="r">${NONE}</td><td class="r">${NONE}</td><td class="r">${NONE}</td>`;
  return markup`<td>${model.id}</td><td class="r">${percentWithInterval(model.score)}</td><td class="r">${model.failed}</td><td class="r">${cost(model)}</td>`;
}
