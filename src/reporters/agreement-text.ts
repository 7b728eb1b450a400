/** How often scores agree with what people said, for people: a sentence, and the row of a table. */

import type { AgreementFigure, HumanAgreement, SummaryRow } from '../report.ts';
import { NONE, percent } from './figures-for-people.ts';

/** `m: judge agrees with people on 85.0% (64.0–94.8) of 20 answers (pass or fail); Cohen's kappa 0.70 (0.39–1.00)`, not escaped. */
export function agreementText(agreement: HumanAgreement): string {
  const { model, n, agreement: share, kappa } = agreement;
  const who = `${model}: ${raterName(agreement)}`;
  const missing = missingText(agreement);
  const rest = missing === '' ? '' : `; ${missing}`;
  if (n === 0) return `${who} cannot be compared with people${rest}`;
  const what = agreement.basis === 'grades' ? 'by grade' : 'pass or fail';
  const beyond = kappa.value === null ? '' : `; Cohen's kappa ${kappaText(kappa)}`;
  return `${who} agrees with people on ${shareText(share)} of ${n} ${n === 1 ? 'answer' : 'answers'} (${what})${beyond}${rest}`;
}

/** `judge`, or `judge/grader-b` for one of several judges. */
export function raterName({ scorer, judge }: Pick<HumanAgreement, 'scorer' | 'judge'>): string {
  return judge === null ? scorer : `${scorer}/${judge}`;
}

/** `85.0% (64.0–94.8)`. */
export function shareText({ value, ciLow, ciHigh }: AgreementFigure): string {
  const points = (share: number) => (100 * share).toFixed(1);
  return `${percent(value)}${ciLow === null || ciHigh === null ? '' : ` (${points(ciLow)}–${points(ciHigh)})`}`;
}

/** `0.70 (0.39 to 1.00)`; a bound may be below 0. */
export function kappaText({ value, ciLow, ciHigh }: AgreementFigure): string {
  if (value === null) return NONE;
  const interval = ciLow === null || ciHigh === null ? '' : ` (${ciLow.toFixed(2)} to ${ciHigh.toFixed(2)})`;
  return `${value.toFixed(2)}${interval}`;
}

/** `3 without a label, 1 unreadable label, 2 unscored`; empty when all answers are compared. */
export function missingText({ unlabelled, unread, unscored }: HumanAgreement): string {
  return [
    ...(unlabelled > 0 ? [`${unlabelled} without a label`] : []),
    ...(unread > 0 ? [`${unread} with a label that cannot be read`] : []),
    ...(unscored > 0 ? [`${unscored} unscored`] : []),
  ].join(', ');
}

const AGREE = 'judges_agree.';

/** `m: the judges of judge agree on 80.0% (58.4–91.9) of 20 answers; Krippendorff's alpha 0.71`, one for each model and scorer, not escaped. */
export function judgesTexts(summary: readonly SummaryRow[]): readonly string[] {
  return summary
    .filter(({ metric }) => metric.startsWith(AGREE))
    .map((row) => {
      const { model, n, missing } = row;
      const scorer = row.metric.slice(AGREE.length);
      const alpha =
        summary.find((one) => one.model === model && one.metric === `judges_alpha.${scorer}`)?.value ?? null;
      const beyond = alpha === null ? '' : `; Krippendorff's alpha ${alpha.toFixed(2)}`;
      const rest = missing === 0 ? '' : `; ${missing} with fewer than 2 verdicts`;
      return `${model}: the judges of ${scorer} agree on ${shareText(row)} of ${n} ${n === 1 ? 'answer' : 'answers'}${beyond}${rest}`;
    });
}
