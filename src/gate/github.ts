/** What GitHub Actions shows of a run: the step summary, and annotations at the lines of the manifest. */

import { appendFileSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { GateReport } from '../gate-report.ts';
import type { Io } from '../io.ts';
import type { RunReport } from '../report.ts';
import { SUMMARY_BYTES } from '../reporters/cut-markdown.ts';
import { markdownDocument } from '../reporters/markdown.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';

/** GitHub hides further ones of a step. */
const MAX_ANNOTATIONS = 10;

/** A larger summary of a step is dropped whole; other commands of the step may have written to it. */
const MAX_SUMMARY_BYTES = 1_000_000;

/** Appends the comparison to the summary of the step, where there is one. `say` receives why it was not possible. */
export function writeStepSummary(report: RunReport, { env }: Pick<Io, 'env'>, say: (line: string) => void): void {
  const path = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (path === '') return;
  try {
    const written = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const room = Math.min(SUMMARY_BYTES, MAX_SUMMARY_BYTES - written);
    if (room < MIN_BYTES) say('the step summary is full: the comparison was not added');
    else appendFileSync(path, markdownDocument(report, room));
  } catch (error) {
    say(`the step summary could not be written (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** Less than this holds no comparison. */
const MIN_BYTES = 2_000;

/**
 * Workflow commands: the gates that failed, then the worst samples, each at its line of the manifest. Empty outside of
 * GitHub Actions.
 */
export function annotations(
  gate: GateReport,
  { run }: Pick<RunReport, 'run'>,
  folder: string,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): readonly string[] {
  if (env['GITHUB_ACTIONS'] !== 'true') return [];
  const file = relative(env['GITHUB_WORKSPACE'] ?? cwd, resolve(folder, run.dataset.path));
  const failed = gate.results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'inconclusive');
  const verdicts = failed.map(({ level, message, verdict }) =>
    command(level === 'error' ? 'error' : 'warning', { title: `earsight gate: ${verdict}` }, message),
  );
  const samples = gate.worse.map(({ model, sampleId, baseline, run: now, line }) =>
    command(
      'error',
      { file, ...(line === null ? {} : { line: String(line) }), title: `${sampleId} is worse` },
      `${model}: ${(100 * baseline).toFixed(1)} % → ${(100 * now).toFixed(1)} %`,
    ),
  );
  const all = [...verdicts, ...samples];
  if (all.length <= MAX_ANNOTATIONS) return all;
  const more = all.length - MAX_ANNOTATIONS + 1;
  return [
    ...all.slice(0, MAX_ANNOTATIONS - 1),
    command('error', { title: 'earsight' }, `and ${more} more in the report`),
  ];
}

function command(level: 'error' | 'warning', properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(escapeTerminal(value))}`);
  return `::${level} ${list.join(',')}::${escapeData(escapeTerminal(message))}`;
}

/** As `@actions/core` does it: `%` first, then line ends. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
