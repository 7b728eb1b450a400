/** `earsight estimate`: tokens by modality and cost per model before anything is sent. */

import { resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { type Command, flag, text } from '../command.ts';
import { errorCode } from '../dataset/defect.ts';
import { EXIT, InputError } from '../errors.ts';
import { detectionTable } from '../estimate/detect/detection-table.ts';
import { estimateCsv, estimateCsvStart } from '../estimate/estimate-csv.ts';
import type { RunEstimate } from '../estimate/estimate-document.ts';
import { type CellSink, estimateSelection } from '../estimate/estimate-run.ts';
import { estimateTable } from '../estimate/estimate-table.ts';
import { writeFile } from '../files/write-file.ts';
import type { Io } from '../io.ts';
import { outputProblem } from '../journal/output-problem.ts';
import { SELECTION_OPTIONS } from '../plan/selection-options.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { terminalJson } from '../text/terminal-json.ts';
import { DETECT_OPTIONS, detectDifference, detectionRequest } from './detect-difference.ts';
import { selectionOf, withFolder } from './selection.ts';

export const estimateCommand: Command = {
  example: ['earsight estimate --csv cells.csv', 'print the table and write one row per cell'],
  positionals: {
    config:
      'configuration file, a folder with one or with media, or a glob in quotes (default: earsight.config.yaml in this folder or one above)',
  },
  options: {
    ...SELECTION_OPTIONS,
    ...DETECT_OPTIONS,
    batch: {
      type: 'boolean',
      describe: 'price what can go by batch as earsight batch sends it, and name what cannot',
      default: false,
    },
    details: {
      type: 'boolean',
      describe: 'print what each part costs, by which rule, and the most expensive samples',
      default: false,
    },
    json: { type: 'boolean', describe: 'print one JSON document instead of the table', default: false },
    csv: { type: 'string', describe: 'also write one row per cell to this CSV file (default: none)' },
    quiet: { type: 'boolean', describe: 'print only errors on stderr', default: false },
  },
  async run(args, io) {
    const csv = text(args, 'csv');
    const say = (line: string) => {
      if (!flag(args, 'quiet')) io.stderr.write(`${escapeTerminal(line)}\n`);
    };
    const request = detectionRequest(args);
    let estimate: RunEstimate;
    try {
      const selection = await withFolder(selectionOf(args), io, say);
      estimate = await estimateSelection(selection, io, csv === undefined ? undefined : csvSink(csv, io), {
        batch: flag(args, 'batch'),
      });
    } catch (error) {
      if (error === io.stop.reason && io.stop.aborted) return Number(io.stop.reason);
      throw error;
    }
    for (const warning of estimate.warnings) say(`warning: ${warning}`);
    const detection = request === null ? undefined : await detectDifference(request, estimate, io);
    if (flag(args, 'json')) io.stdout.write(`${terminalJson(defined({ ...estimate, detection }), 2)}\n`);
    // Without any sample the table would be empty; only the problems are shown.
    else if (estimate.dataset.samples > 0) {
      io.stdout.write(estimateTable(estimate, flag(args, 'details')));
      if (detection !== undefined) io.stdout.write(detectionTable(detection));
    }
    // The figures of the good samples are printed; the problems of the others are reported as wrong input.
    if (estimate.problems.length > 0) throw new InputError(estimate.problems);
    return EXIT.done;
  },
};

/** @throws {InputError} when the file cannot be written, or is another file than one from an earlier estimate. */
function csvSink(path: string, io: Io): CellSink {
  return async (cells, inputs, format) => {
    const file = { option: '--csv', start: estimateCsvStart(format), inputs, folder: null };
    const problem = outputProblem(resolve(io.cwd, path), file);
    if (problem !== null) throw new InputError({ ...problem, file: path });
    try {
      await writeFile(resolve(io.cwd, path), estimateCsv(cells, format));
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      throw new InputError({ file: path, message: `cannot be written (${code})`, hint: 'choose another file' });
    }
  };
}
