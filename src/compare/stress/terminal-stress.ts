/** The stress curves of a comparison, for a terminal. */

import { STRESS_HEAD, stressNote, stressRows, stressSentence } from '../../reporters/variants/stress-text.ts';
import type { StressCurve } from '../../stress-report.ts';
import { escapeTerminal } from '../../text/escape-terminal.ts';
import { textTable } from '../../text/text-table.ts';

/** One escaped line for each curve. */
export function stressVerdicts(curves: readonly StressCurve[]): readonly string[] {
  return curves.map((curve) => escapeTerminal(stressSentence(curve)));
}

/** A table for each model and kind; each line is escaped. Empty without one. */
export function stressLines(curves: readonly StressCurve[]): readonly string[] {
  return curves.flatMap((curve) => {
    const rows = [[`${curve.base} · ${curve.kind}`, ...STRESS_HEAD], ...stressRows(curve)];
    const table = textTable(
      rows.map((row) => row.map(escapeTerminal)),
      'lrrlrrrl',
    );
    return [`\n${table}`, `${stressNote(curve)}\n`];
  });
}
