/** The page that compares the models of one run, or two runs. */

import type { ComparedPair, Comparison, SampleNames } from '../compare/comparison.ts';
import {
  agreementLines,
  differenceText,
  type FigureTable,
  familyLine,
  metricTable,
  modelTable,
  pairTable,
  peopleLines,
  preferenceLines,
  samplesLine,
  sliceTable,
  troubleLines,
  verdictLines,
} from '../compare/terminal-comparison.ts';
import { NONE, percent } from '../reporters/figures-for-people.ts';
import { counted } from '../text/counted.ts';
import { type Markup, markup, NOTHING } from './markup.ts';
import { page } from './page.ts';

/** `folders` are those of the runs, in the results folder. */
export function comparePage(comparison: Comparison, folders: readonly string[]): string {
  const { models, pairs, samples, families, notCompared } = comparison;
  const isScored = samples.scored > 0;
  const verdicts = isScored ? verdictLines({ verdicts: pairs, family: families.verdicts }) : agreementLines(pairs);
  return page(
    folders.join(' and '),
    markup`<h1>${folders.length === 1 ? 'Models of a run' : 'Two runs'} on the same samples</h1>
<p><a href="/">All runs</a></p>
<ul>${folders.map((folder, index) => runItem(folder, comparison, index))}</ul>
${verdicts.map((line) => markup`<p><strong>${line}</strong></p>\n`)}
<p>${samplesLine(comparison)}</p>
${missingSamples('Only in the first run', samples.onlyFirst)}${missingSamples('Only in the second run', samples.onlySecond)}
${notCompared.length === 0 ? NOTHING : markup`<p>In one run only: ${notCompared.join(', ')}</p>`}
${section('Models', modelTable(models, isScored))}
<p class="note">Latency: of successful attempts, from sending to the last byte; queueing and retries are excluded.</p>
${troubleLines(models).map((line) => markup`<p>${line.trimEnd()}</p>\n`)}
${isScored ? markup`${section('Differences', pairTable(pairs))}<p class="note">${familyLine(families.verdicts).trimEnd()}</p>` : NOTHING}
${section('Other scores', metricTable(pairs))}
${slices(comparison)}
${[...preferenceLines(comparison), ...peopleLines(comparison)]
  .filter((line) => line !== '\n')
  .map((line) => markup`<p>${line.trimEnd()}</p>\n`)}
${pairs.map(settings)}
${pairs.map(samplesOf)}`,
  );
}

function runItem(folder: string, { runs, samples }: Comparison, index: number): Markup {
  const run = runs[index];
  const letter = runs.length === 1 ? '' : `${index === 0 ? 'A' : 'B'}: `;
  const path = encodeURIComponent(folder);
  return markup`<li>${letter}<a href="/runs/${path}/report.html">${folder}</a> · ${run?.name ?? NONE} · ${counted(run?.samples ?? samples.common, 'sample')} · ${run?.dataset ?? NONE}</li>`;
}

function missingSamples(where: string, { count, first }: SampleNames): Markup {
  if (count === 0) return NOTHING;
  const more = count > first.length ? `, and ${count - first.length} more` : '';
  return markup`<p>${where}: ${count} (${first.join(', ')}${more})</p>`;
}

function section(title: string, table: FigureTable | null): Markup {
  return table === null ? NOTHING : markup`<h2>${title}</h2>${tableOf(title, table)}`;
}

/** A wide table scrolls by itself, also by keyboard. */
function tableOf(title: string, { rows, align }: FigureTable): Markup {
  const [head = [], ...body] = rows;
  const alignment = (column: number): Markup => (align[column] === 'r' ? markup` class="r"` : NOTHING);
  return markup`<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table>
<thead><tr>${head.map((text, column) => markup`<th scope="col"${alignment(column)}>${text}</th>`)}</tr></thead>
<tbody>${body.map((row) => markup`<tr>${row.map((text, column) => markup`<td${alignment(column)}>${text}</td>`)}</tr>\n`)}</tbody>
</table></div>`;
}

function slices({ pairs, families }: Comparison): Markup {
  const table = sliceTable(pairs);
  if (table === null) return NOTHING;
  const more = table.hidden > 0 ? `, ${table.hidden} more with earsight compare --json` : '';
  return markup`${section('Slices', table)}<p class="note">Holm over ${families.slices} tests of slices${more}</p>`;
}

/** So that nobody takes a changed prompt for a better model. */
function settings({ a, b, differences }: ComparedPair): Markup {
  if (differences.length === 0) return NOTHING;
  return markup`<h2>${a} → ${b} differ in</h2><ul>${differences.map((one) => markup`<li>${differenceText(one)}</li>`)}</ul>`;
}

function samplesOf({ a, b, mostDifferent }: ComparedPair): Markup {
  if (mostDifferent.length === 0) return NOTHING;
  const rows = mostDifferent.map(({ sampleId, a: first, b: second, isSameAnswer }) => [
    sampleId,
    percent(first),
    percent(second),
    isSameAnswer === null ? NONE : isSameAnswer ? 'yes' : 'no',
  ]);
  const table = { rows: [['sample', 'score of A', 'score of B', 'same answer'], ...rows], align: 'lrrl' };
  return markup`${section('Samples that differ most', table)}<p class="note">A: ${a} · B: ${b}</p>`;
}
