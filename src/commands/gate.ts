/** `earsight gate`: judges a finished run by the gates of the configuration and a baseline. */

import { relative } from 'node:path';
import { type Command, flag, number, text } from '../command.ts';
import { GATE_OPTIONS, gateChoice } from '../gate/gate-options.ts';
import { gateRun } from '../gate/gate-run.ts';
import { gateLines } from '../gate/gate-text.ts';
import { loadGates } from '../gate/load-gates.ts';
import { openMeasuredRun } from '../gate/open-measured-run.ts';
import { publishGate } from '../gate/publish.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { terminalJson } from '../text/terminal-json.ts';

export const gateCommand: Command = {
  example: ['earsight gate latest --baseline baselines/main.jsonl', 'exit code 1 when the newest run is worse'],
  positionals: { run: 'results folder of a run, or "latest"' },
  options: {
    ...GATE_OPTIONS,
    config: {
      type: 'string',
      describe: 'configuration with the gates (default: found as run does, else that of the run)',
    },
    set: { type: 'string', describe: 'scores to judge: run, or a name that earsight score gave (default: the newest)' },
    'max-cost': { type: 'number', describe: 'most USD that confirming runs may cost (default: no limit)' },
    yes: { type: 'boolean', describe: 'do not ask before a confirming run, whatever its cost', default: false },
    json: { type: 'boolean', describe: 'print one JSON document', default: false },
  },
  async run(args, io) {
    const say = (line: string) => io.stderr.write(`${escapeTerminal(line)}\n`);
    const choice = gateChoice(args, io);
    const measured = await openMeasuredRun(text(args, 'run') ?? 'latest', io, { say, set: text(args, 'set') });
    const config = text(args, 'config');
    const settings = await loadGates(config, measured.report.run, io);
    const maxCostUsd = number(args, 'max-cost') ?? null;
    const rerun = { ...(config === undefined ? {} : { config }), maxCostUsd, yes: flag(args, 'yes'), say };
    const { report, exitCode } = await gateRun(measured, choice, settings, rerun, io);
    if (flag(args, 'json')) {
      const { run } = measured.report;
      io.stdout.write(
        `${terminalJson({ format: 'earsight-gate', formatVersion: 1, runId: run.runId, exitCode, ...report }, 2)}\n`,
      );
    } else for (const line of gateLines(report)) io.stdout.write(`${escapeTerminal(line)}\n`);
    const { reporters } = settings;
    const files = await publishGate(measured.report, report, { reporters, folder: measured.directory, say, io });
    if (files.length > 0) say(`${relative(io.cwd, measured.directory) || '.'}: ${files.join(', ')}`);
    return exitCode;
  },
};
