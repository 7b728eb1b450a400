/** `earsight baseline set`: writes the values of finished runs into a file that later runs are compared with. */

import { join, relative, resolve } from 'node:path';
import { type Arguments, type Command, flag, list, text } from '../command.ts';
import { EXIT, InputError } from '../errors.ts';
import { type BaselineRun, createBaseline, reportScorers } from '../gate/baseline.ts';
import { openMeasuredRun } from '../gate/open-measured-run.ts';
import { requireComplete, requireOurs, summaryPath, writeBaseline } from '../gate/set-baseline.ts';
import type { Io } from '../io.ts';
import { counted } from '../text/counted.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { version } from '../version.ts';

const ACTIONS = ['set'];

export const baselineCommand: Command = {
  example: ['earsight baseline set latest --out baselines/main.jsonl', 'keep the newest run for gates'],
  positionals: { action: 'set', runs: 'results folders of runs of one configuration, or "latest"' },
  options: {
    out: { type: 'string', describe: 'file to write (default: baselines/<name of the run>.jsonl)' },
    set: { type: 'string', describe: 'scores to keep: run, or a name that earsight score gave (default: the newest)' },
    detail: { type: 'boolean', describe: 'keep the answers, too', default: false },
    yes: { type: 'boolean', describe: 'write it in CI, where a baseline should not change', default: false },
  },
  async run(args, io) {
    requireAction(text(args, 'action') ?? '');
    requireConsent(args, io);
    const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
    const withAnswers = flag(args, 'detail');
    const set = text(args, 'set');
    const runs: BaselineRun[] = [];
    for (const name of list(args, 'runs')) {
      const { report, definition, measures } = await openMeasuredRun(name, io, { withAnswers, set, say });
      const { scoreSets = null } = report;
      runs.push({ name, info: report.run, scoreSets, scorers: reportScorers(report), definition, measures });
    }
    const baseline = createBaseline(runs, new Date((io.now ?? Date.now)()).toISOString(), version());
    for (const run of runs) requireComplete(run);
    const path = resolve(io.cwd, text(args, 'out') ?? join('baselines', `${baseline.head.name}.jsonl`));
    const shown = relative(io.cwd, path);
    requireOurs(path, shown);
    await writeBaseline(baseline, path, { shown, withAnswers });
    const { models } = baseline.head;
    const counts = [
      counted(baseline.samples.size, 'sample'),
      counted(models.length, 'model'),
      counted(runs.length, 'run'),
    ].join(', ');
    const sets = [...new Set(runs.flatMap(({ scoreSets }) => (scoreSets === null ? [] : [`@${scoreSets.used}`])))];
    const scores = sets.length === 0 ? '' : ` · scores ${sets.join(', ')}`;
    io.stdout.write(`${escapeTerminal(`${shown}: ${counts}${scores} · summary in ${summaryPath(shown)}`)}\n`);
    return EXIT.done;
  },
};

function requireAction(action: string): void {
  if (ACTIONS.includes(action)) return;
  throw new InputError({ message: `unknown action ${quote(action)} of baseline`, hint: suggest(action, ACTIONS) });
}

/** A job that sets its own baseline would always pass. */
function requireConsent(args: Arguments, { env }: Io): void {
  if (!isCi(env) || flag(args, 'yes')) return;
  throw new InputError({
    message: 'a baseline is not written in CI (the variable CI is set)',
    hint: 'set it on your machine and commit it, or add --yes',
  });
}

function isCi(env: Io['env']): boolean {
  return !['', '0', 'false', undefined].includes(env['CI']?.toLowerCase());
}
