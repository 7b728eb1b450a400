/** The sections of `report.md` about variants of a model: what cheaper ones lose, and how much stress of media it takes. */

import type { ReportComparison } from '../../comparison-report.ts';
import type { Frontier } from '../../frontier-report.ts';
import type { StressCurve } from '../../stress-report.ts';
import { escapeMarkdown, markdownTable } from '../markdown-text.ts';
import { FRONTIER_HEAD, frontierNote, frontierRows, frontierSentences } from './frontier-text.ts';
import { STRESS_HEAD, stressNote, stressRows, stressSentence } from './stress-text.ts';

/** Empty without such variants. */
export function variantBlocks(comparison: ReportComparison | null): readonly string[] {
  const { frontiers = [], stress = [] } = comparison ?? {};
  return [...frontiers.flatMap(frontierBlocks), ...stress.flatMap(stressBlocks)];
}

function frontierBlocks(frontier: Frontier): readonly string[] {
  const head = ['Variant', ...FRONTIER_HEAD];
  return [
    `## What less costs: ${escapeMarkdown(frontier.base)}`,
    markdownTable(head, frontierRows(frontier).map(escaped)),
    escapeMarkdown(frontierNote(frontier)),
    frontierSentences(frontier)
      .map((sentence) => `- ${escapeMarkdown(sentence)}`)
      .join('\n'),
  ];
}

function stressBlocks(curve: StressCurve): readonly string[] {
  return [
    `## Under stress: ${escapeMarkdown(curve.base)}, ${curve.kind}`,
    escapeMarkdown(stressSentence(curve)),
    markdownTable([curve.kind, ...STRESS_HEAD].map(escapeMarkdown), stressRows(curve).map(escaped)),
    escapeMarkdown(stressNote(curve)),
  ];
}

const escaped = (row: readonly string[]) => row.map(escapeMarkdown);
