/** `earsight calibrate`: fits the token estimate to what the endpoints of a run reported. */

import { basename, join, relative, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { type Command, text } from '../command.ts';
import {
  CALIBRATION_FILE,
  type CalibrationFile,
  readCalibration,
  writeCalibration,
} from '../config/files/calibration-file.ts';
import { baseModelId } from '../config/select-models.ts';
import { EXIT, formatProblem, InputError } from '../errors.ts';
import { collectObservations, type ObservedModel } from '../estimate/observations.ts';
import { findRun } from '../journal/find-run.ts';
import { outputProblem } from '../journal/output-problem.ts';
import { readDefinitions, withRecordedRoutes } from '../journal/recorded-routes.ts';
import { openReplay } from '../journal/replay.ts';
import { inspectSetup, openSetup, type Setup } from '../plan/prepare.ts';
import { withRecorded } from '../plan/recorded-selection.ts';
import type { Selection } from '../report.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { shownModel } from '../text/shown-model.ts';
import { textTable } from '../text/text-table.ts';
import { calibrate, type ModelCalibration } from '../tokens/calibrate.ts';
import { mediaFactsReader } from '../tokens/read-media-facts.ts';
import type { ModelConfig } from '../types.ts';

export const calibrateCommand: Command = {
  example: ['earsight calibrate latest', 'calibrate from the newest run'],
  positionals: { run: 'results folder of a run, or "latest"' },
  options: {
    config: { type: 'string', describe: 'configuration file (default: that of the run)' },
    dataset: { type: 'string', describe: 'manifest (default: that of the run)' },
    out: { type: 'string', describe: `file to write (default: ${CALIBRATION_FILE} beside the configuration)` },
  },
  async run(args, io) {
    const { directory, info } = findRun(text(args, 'run') ?? 'latest', io.cwd);
    const selection = await withRecorded(
      defined({ config: text(args, 'config'), dataset: text(args, 'dataset') }),
      info.selection,
      { directory, cwd: io.cwd, options: { config: 'with --config', dataset: 'with --dataset' } },
    );
    const opened = await openSetup(selection, io, { requireKeys: false, isOnlyPass: true });
    const setup = { ...opened, models: withRecordedRoutes(opened.models, await readDefinitions(directory)) };
    const out = text(args, 'out');
    const path = out === undefined ? join(setup.config.directory, CALIBRATION_FILE) : resolve(io.cwd, out);
    const shown = relative(io.cwd, path);
    const inputs = { config: setup.config.path, manifest: setup.source.path };
    const problem = outputProblem(path, { option: '--out', start: null, inputs, folder: directory });
    if (problem !== null) throw new InputError(problem);
    const earlier = readCalibration(path, shown);
    const fits = await fitModels(directory, setup, selection, (line) => io.stderr.write(`${escapeTerminal(line)}\n`));
    io.stdout.write(textTable([HEAD, ...fits.flatMap(rowsOf)], 'llrlrrrrr'));
    const fitted = fits.filter(isFitted);
    if (fitted.length === 0) {
      io.stderr.write(
        `nothing was fitted: each of ${PARTS.join(', ')} needs ${MIN_SAMPLES} answered samples · run more samples, then calibrate again\n`,
      );
      return EXIT.incomplete;
    }
    writeCalibration(path, { ...earlier?.models, ...entriesOf(fitted) });
    io.stdout.write(`\n${shown}: ${fitted.map(({ id }) => id).join(', ')} · used by earsight estimate and run\n`);
    return EXIT.done;
  },
};

/** The calibration of one model; all its variants count as one. */
interface ModelFit {
  readonly id: string;
  readonly model: ModelConfig;
  readonly counts: ObservedModel['counts'];
  readonly calibration: ModelCalibration;
}

const PARTS = ['text', 'image', 'audio'] as const;

/** A line through fewer samples would describe chance; `fitLine` returns none. */
const MIN_SAMPLES = 8;

async function fitModels(
  directory: string,
  setup: Setup,
  selection: Selection,
  warn: (line: string) => void,
): Promise<readonly ModelFit[]> {
  const run = await openReplay(directory, { onDamage: warn });
  const { byModel, add } = collectObservations(run, setup.repeat, mediaFactsReader());
  const inspection = inspectSetup(setup, selection);
  try {
    for await (const { sample, requests } of inspection.samples())
      if (sample.broken === undefined) for (const request of requests) await add(request);
  } finally {
    run.close();
  }
  for (const problem of inspection.findings().problems) warn(`warning: ${formatProblem(problem)}`);
  if (byModel.size === 0) {
    throw new InputError({
      file: directory,
      message: 'has no answer with reported tokens to the requests of this configuration and manifest',
      hint: 'use the --config and the manifest of that run',
    });
  }
  return [...byModel].flatMap(([id, { observations, counts }]) => {
    const model = setup.models.find((one) => baseModelId(one.id) === id);
    if (model === undefined) return [];
    return [{ id, model, counts, calibration: calibrate(model, observations, basename(directory)) }];
  });
}

function isFitted({ calibration }: ModelFit): boolean {
  return PARTS.some((part) => calibration[part] !== null);
}

function entriesOf(fitted: readonly ModelFit[]): CalibrationFile['models'] {
  return Object.fromEntries(
    fitted.map(({ id, model, calibration }) => [id, { model: shownModel(model), ...calibration }] as const),
  );
}

/** `bias before` is expected minus reported tokens, as in `summary.csv`. */
const HEAD = ['model', 'part', 'samples', 'rule', 'offset', 'slope', 'residual', 'bias before', 'error'];

function rowsOf({ id, counts, calibration }: ModelFit): readonly (readonly string[])[] {
  return PARTS.flatMap((part) => {
    const line = calibration[part];
    if (line !== null) return [[id, part, String(line.samples), ...lineCells(line)]];
    const few = `not fitted: needs ${MIN_SAMPLES} samples`;
    return counts[part] === 0 ? [] : [[id, part, String(counts[part]), few]];
  });
}

type FittedPart = NonNullable<ModelCalibration['text']>;

function lineCells({ rule, offset, slope, residual, bias, errorBefore, errorAfter }: FittedPart) {
  return [
    rule ?? "the model's own",
    offset.toFixed(1),
    slope.toFixed(4),
    residual.toFixed(1),
    bias.toFixed(1),
    `${errorBefore.toFixed(1)} to ${errorAfter.toFixed(1)}`,
  ];
}
