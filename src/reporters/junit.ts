/** Reporter `junit`: a suite for each model and a case for each cell, for the test reports of CI systems. */

import type { GateReport, GateResult } from '../gate-report.ts';
import { MAX_REASON, type Reporter, type ReportFile, type RunReport } from '../report.ts';
import type { Result } from '../result.ts';

/** GitLab fails above 250,000 XML objects and 30 MB a file; a case is at most three objects of a kilobyte. */
const MAX_CASES = 10_000;

/** A score below this is judged wrong. */
const PASSING = 0.5;

/** Longest text of an answer or a target. */
const MAX_TEXT = 300;

export const junit: Reporter = {
  description: 'junit.xml: a test suite for each model, in several files beyond 10,000 cases',
  files(report) {
    const { run } = report;
    const models = Math.max(1, run.models.length);
    const samplesAFile = Math.max(1, Math.floor(MAX_CASES / (models * Math.max(1, run.repeat))));
    const count = Math.max(1, Math.ceil(run.dataset.samples / samplesAFile));
    return Array.from({ length: count }, (_, index): ReportFile => {
      const part = { first: index * samplesAFile, end: index === count - 1 ? Infinity : (index + 1) * samplesAFile };
      return {
        name: index === 0 ? 'junit.xml' : `junit.${index + 1}.xml`,
        content: document(report, part, index === 0),
      };
    });
  },
};

/** Positions among the samples with a result. */
interface Part {
  readonly first: number;
  readonly end: number;
}

async function* document(report: RunReport, part: Part, isFirst: boolean): AsyncGenerator<string> {
  const suites = new Map(report.run.models.map(({ id }) => [id, createSuite(id)]));
  let position = 0;
  for await (const results of report.samples()) {
    if (position >= part.first && position < part.end)
      for (const result of results) suites.get(result.modelId)?.add(caseOf(result, report.run));
    position += 1;
  }
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(report.run.name)}">\n`;
  if (isFirst && report.gate !== undefined) yield gateSuite(report.gate).text();
  for (const suite of suites.values()) yield suite.text();
  yield '</testsuites>\n';
}

interface Case {
  readonly xml: string;
  readonly state: 'passed' | 'failures' | 'errors' | 'skipped';
  readonly seconds: number;
}

function createSuite(name: string) {
  const cases: string[] = [];
  const counts = { passed: 0, failures: 0, errors: 0, skipped: 0 };
  let seconds = 0;
  return {
    add(one: Case) {
      cases.push(one.xml);
      counts[one.state] += 1;
      seconds += one.seconds;
    },
    text(): string {
      const { failures, errors, skipped } = counts;
      const totals = `tests="${cases.length}" failures="${failures}" errors="${errors}" skipped="${skipped}"`;
      return `  <testsuite name="${attribute(name)}" ${totals} time="${seconds.toFixed(3)}">\n${cases.join('')}  </testsuite>\n`;
    },
  };
}

function caseOf(result: Result, { name, repeat, dataset }: RunReport['run']): Case {
  const seconds = (result.timing.latencyMs ?? 0) / 1000;
  const title = repeat === 1 ? result.sampleId : `${result.sampleId} (repeat ${result.repeat + 1})`;
  const place = [
    `classname="${attribute(`${name}.${result.modelId}`)}"`,
    `name="${attribute(title)}"`,
    `time="${seconds.toFixed(3)}"`,
    `file="${attribute(dataset.path)}"`,
    ...(result.sampleLine === undefined ? [] : [`line="${result.sampleLine}"`]),
  ].join(' ');
  const { state, element } = judged(result);
  const xml = element === '' ? `    <testcase ${place}/>\n` : `    <testcase ${place}>${element}</testcase>\n`;
  return { xml, state, seconds };
}

/** A failure was judged wrong, an error has no answer. An answer without a score passes. */
function judged(result: Result): { readonly state: Case['state']; readonly element: string } {
  if (result.status === 'completed') {
    if (result.outcome !== 'answered' && result.scorers.length > 0)
      return failure(result.outcome, result.answer, result);
    if (result.score === null || result.score >= PASSING) return { state: 'passed', element: '' };
    return failure(`score ${Number(result.score.toFixed(4))}`, result.answer, result);
  }
  const { kind, message } = result.failure;
  if (result.status === 'skipped')
    return { state: 'skipped', element: `<skipped message="${attribute(cut(`${kind}: ${message}`))}"/>` };
  if (result.outcome === 'filtered') return failure('filtered', message, result);
  return { state: 'errors', element: `<error type="${kind}" message="${attribute(cut(message, MAX_REASON))}"/>` };
}

function failure(type: string, answer: string, { sample }: Result) {
  const message = `${type}: ${cut(answer)}`;
  const target = sample.target.length === 0 ? '' : `target: ${cut(sample.target.join(' | '))}`;
  const element = `<failure type="${attribute(type)}" message="${attribute(message)}">${escapeXml(target)}</failure>`;
  return { state: 'failures' as const, element };
}

/** The verdicts of a gate as cases of their own: a job may pass although single samples fail. */
function gateSuite({ results }: GateReport) {
  const suite = createSuite('gate');
  for (const result of results) suite.add(gateCase(result));
  return suite;
}

function gateCase(result: GateResult): Case {
  const { model, metric, limit, verdict, level, message } = result;
  const name = `${metric} ${limit.type} ${limit.value} (${model})`;
  const text = attribute(message);
  const [state, element] = ((): [Case['state'], string] => {
    if (verdict === 'pass') return ['passed', ''];
    if (level === 'warn' || verdict === 'inconclusive') return ['skipped', `<skipped message="${text}"/>`];
    if (verdict === 'unjudged') return ['errors', `<error type="unjudged" message="${text}"/>`];
    return ['failures', `<failure type="${verdict}" message="${text}"></failure>`];
  })();
  const xml = `    <testcase classname="gate" name="${attribute(name)}" time="0.000">${element}</testcase>\n`;
  return { xml, state, seconds: 0 };
}

function cut(text: string, length = MAX_TEXT): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** What XML 1.0 cannot hold, not even escaped: control characters, halves of pairs, and two non-characters. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text of an element. */
function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A value in double quotes; line ends would become blanks. */
function attribute(text: string): string {
  return escapeXml(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;');
}
