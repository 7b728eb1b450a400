/** Shows a verdict where people look: in the reports of the run, and on GitHub Actions. */

import { reportComparison } from '../compare/report-comparison.ts';
import type { GateReport } from '../gate-report.ts';
import type { Io } from '../io.ts';
import { runFileMode } from '../journal/run-files.ts';
import type { RunReport } from '../report.ts';
import { writeReports } from '../summary/write-reports.ts';
import { annotations, writeStepSummary } from './github.ts';

/** Reporters that show the gate. */
const SHOW_GATES = ['junit', 'markdown'];

export interface PublishOptions {
  /** Reporters of the run; those that show the gate are written again. */
  readonly reporters: readonly string[];
  readonly folder: string;
  readonly say: (line: string) => void;
  readonly io: Io;
}

/** Returns the names of the files that were written. */
export async function publishGate(
  report: RunReport,
  gate: GateReport | null,
  { reporters, folder, say, io }: PublishOptions,
): Promise<readonly string[]> {
  const shown = gate === null ? report : { ...report, gate };
  writeStepSummary(shown, io, say);
  if (gate === null) return [];
  for (const line of annotations(gate, report, folder, io)) io.stderr.write(`${line}\n`);
  const names = SHOW_GATES.filter((name) => reporters.includes(name));
  // `report.md` has sections about the variants of the run, which need no baseline.
  const comparison = () => reportComparison(folder, report.run);
  return writeReports(names, { ...shown, comparison }, folder, runFileMode(folder));
}
