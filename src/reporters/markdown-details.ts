/** The tables of `report.md` about single scorers: labels of classes, and words that were confused. */

import type { ClassReport, HumanAgreement, WordConfusion } from '../report.ts';
import { counted } from '../text/counted.ts';
import { kappaText, missingText, raterName, shareText } from './agreement-text.ts';
import { NONE, percent } from './figures-for-people.ts';
import { escapeMarkdown, markdownTable } from './markdown-text.ts';

/** More labels make a matrix that nobody reads; `report.json` has it. */
const MAX_MATRIX = 12;
/** Labels with a row of their own. */
const MAX_LABELS = 50;

/** For each scorer of labels, its figures by label, and its confusion matrix where it is small. */
export function classTables(classes: readonly ClassReport[]): readonly string[] {
  return classes.flatMap((report) => {
    const { model, scorer, macroF1, unread } = report;
    const title = `## Labels of ${escapeMarkdown(scorer)}: ${escapeMarkdown(model)}`;
    const unreadable = unread === 0 ? '' : ` · ${counted(unread, 'answer')} could not be read`;
    return [title, `Macro F1 ${percent(macroF1)}${unreadable}`, figures(report), matrix(report)];
  });
}

function figures({ classes }: ClassReport): string {
  const rows = classes
    .slice(0, MAX_LABELS)
    .map(({ label, targets, answers, right, precision, recall, f1 }) => [
      escapeMarkdown(label),
      ...[targets, answers, right].map(String),
      ...[precision, recall, f1].map(percent),
    ]);
  const more = classes.length - rows.length;
  const table = markdownTable(['Label', 'Targets', 'Answers', 'Right', 'Precision', 'Recall', 'F1'], rows);
  return more > 0 ? `${table}\n\n${more} more labels are in report.json.` : table;
}

function matrix({ classes, matrix: cells, unread }: ClassReport): string {
  if (classes.length > MAX_MATRIX) return '';
  const labels = classes.map(({ label }) => label);
  const columns = unread > 0 ? [...labels, ''] : labels;
  const counts = new Map(cells.map(({ target, answer, count }) => [JSON.stringify([target, answer]), count]));
  const rows = labels.map((target) => [
    escapeMarkdown(target),
    ...columns.map((answer) => String(counts.get(JSON.stringify([target, answer])) ?? 0)),
  ]);
  const head = columns.map((label) => (label === '' ? 'not read' : escapeMarkdown(label)));
  return markdownTable(['Target ↓ answer →', ...head], rows);
}

/** Empty without labels of people. */
export function agreementTable(agreements: readonly HumanAgreement[]): string {
  if (agreements.length === 0) return '';
  const rows = agreements.map((one) =>
    [
      one.model,
      raterName(one),
      one.basis === 'grades' ? 'grades' : 'pass or fail',
      String(one.n),
      shareText(one.agreement),
      kappaText(one.kappa),
      missingText(one),
    ].map(escapeMarkdown),
  );
  const head = ['Model', 'Scorer', 'Compared', 'Answers', 'Agreement (95 %)', "Cohen's kappa (95 %)", 'Not compared'];
  return `## Agreement with people\n\n${markdownTable(head, rows)}`;
}

/** Empty without transcripts that differ from their references. */
export function confusionTable(confusions: readonly WordConfusion[]): string {
  if (confusions.length === 0) return '';
  const shown = (word: string | null) => (word === null ? NONE : escapeMarkdown(word));
  const rows = confusions.map(({ model, scorer, reference, answer, count }) => [
    escapeMarkdown(model),
    escapeMarkdown(scorer),
    shown(reference),
    shown(answer),
    String(count),
  ]);
  const note = 'A word without an answer is missing in the transcript; one without a reference is one too many.';
  return `## Most frequent confusions\n\n${markdownTable(['Model', 'Scorer', 'Reference', 'Answer', 'Times'], rows)}\n\n${note}`;
}
