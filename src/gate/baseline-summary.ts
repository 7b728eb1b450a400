/** The summary beside a baseline: a Markdown table for people who review a change of it. */

import { escapeMarkdown } from '../reporters/markdown-text.ts';
import { counted } from '../text/counted.ts';
import type { Baseline } from './baseline.ts';
import { mean } from './values.ts';

/** First line of the file; a file that begins otherwise is not ours to overwrite. */
export const SUMMARY_HEADING = '# Baseline of earsight';

/** A row for each model and figure: the mean over samples, and how many samples have it. */
export function baselineSummary({ head, samples }: Baseline, file: string): string {
  const rows = head.models.flatMap(({ id }) => {
    const figures = new Set<string>();
    for (const { models } of samples.values())
      for (const name of models.get(id)?.values.keys() ?? []) figures.add(name);
    return [...figures].sort().map((figure) => {
      const known = [...samples.values()].flatMap(({ models }) => mean(models.get(id)?.values.get(figure)) ?? []);
      const value = known.reduce((total, one) => total + one, 0) / known.length;
      return [escapeMarkdown(id), escapeMarkdown(figure), String(known.length), shortNumber(value)];
    });
  });
  const served = head.models.map(({ id, model, served }) => {
    const names = served.length === 0 ? model : served.join(', ');
    return `- ${escapeMarkdown(id)}: ${escapeMarkdown(names)}`;
  });
  const runs = head.runs.map(
    ({ runId, repeat, scoreSet }) =>
      `- ${escapeMarkdown(runId)}${repeat === 1 ? '' : `, ${repeat} repeats`}${scoreSet === undefined ? '' : `, scores ${escapeMarkdown(`@${scoreSet}`)}`}`,
  );
  return [
    SUMMARY_HEADING,
    `${escapeMarkdown(head.name)} · ${counted(samples.size, 'sample')} · ${head.createdAt} · earsight ${escapeMarkdown(head.earsightVersion)} · values of each sample in ${escapeMarkdown(file)}`,
    '## Runs',
    runs.join('\n'),
    '## Models',
    served.join('\n'),
    '## Means over samples',
    [
      '| Model | Figure | Samples | Mean |',
      '| --- | --- | --- | --- |',
      ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    ].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
