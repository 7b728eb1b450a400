/** Suspected targets as text for a terminal. */

import { percent } from '../reporters/figures-for-people.ts';
import { counted } from '../text/counted.ts';
import { cutText } from '../text/cut-text.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { textTable } from '../text/text-table.ts';
import type { SuspectList } from './suspects.ts';

/** Characters of a target or an answer. */
const WIDEST = 48;

/** A table of the first `shown` suspects; each line is escaped. */
export function terminalSuspects({ suspects, samples }: SuspectList, shown: number): string {
  if (suspects.length === 0)
    return `no target of ${counted(samples, 'sample')} is doubted: the models agree with all\n`;
  const rows = suspects
    .slice(0, shown)
    .map(({ sampleId, line, suspicion, agreeing, answered, target, answer }) => [
      cutText(sampleId, WIDEST),
      line === null ? '' : String(line),
      percent(suspicion),
      `${agreeing} of ${answered}`,
      oneLine(target.join(' | ')),
      oneLine(answer),
    ]);
  const head = ['sample', 'line', 'suspicion', 'agree', 'target', 'answer'];
  return [
    textTable([head, ...rows], 'lrrlll'),
    `\nagree: models that answered nearly the same, of those that answered · ${suspects.length} of ${counted(samples, 'sample')} are doubted at all, all with --json\n`,
  ].join('');
}

function oneLine(text: string): string {
  return cutText(escapeTerminal(text.replace(/\s+/gu, ' ').trim()), WIDEST);
}
