/** `earsight validate`: checks manifest, media, model capabilities and keys; reports all problems at once, sends nothing. */

import { type Command, flag } from '../command.ts';
import { rejectedSchemas } from '../config/answer-schemas.ts';
import { FORMATS } from '../dataset/formats.ts';
import { createIdCheck } from '../dataset/spreadsheet-ids.ts';
import { EXIT, InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import { createPackageCheck } from '../plan/model-packages.ts';
import { announcementsOf } from '../plan/model-provider.ts';
import { type Examination, examineSetup, openSetup, type Setup } from '../plan/prepare.ts';
import { SELECTION_OPTIONS } from '../plan/selection-options.ts';
import { createSendingCount, type SendingSummary, sendingText } from '../plan/sending-summary.ts';
import { createColumnCheck } from '../plan/unused-columns.ts';
import type { Selection } from '../report.ts';
import { unpricedModels } from '../run/budget.ts';
import { openJudgeSetup } from '../run/judging/ready-judges.ts';
import { counted } from '../text/counted.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { terminalJson } from '../text/terminal-json.ts';
import { mediaFactsReader, type ReadFacts } from '../tokens/read-media-facts.ts';
import type { ModelConfig } from '../types.ts';
import { selectionOf, withFolder } from './selection.ts';

export const validateCommand: Command = {
  example: ['earsight validate', 'check everything before a run'],
  positionals: {
    config:
      'configuration file, a folder with one or with media, or a glob in quotes (default: earsight.config.yaml in this folder or one above)',
  },
  options: {
    ...SELECTION_OPTIONS,
    keys: { type: 'boolean', describe: 'check that keys are in the environment', default: true },
    media: {
      type: 'boolean',
      describe: 'open media files: without it, names alone say what they are, and none need exist',
      default: true,
    },
    json: { type: 'boolean', describe: 'print one JSON document instead of the summary', default: false },
  },
  async run(args, io) {
    const selection = await withFolder(selectionOf(args), io, (line) => io.stderr.write(`${escapeTerminal(line)}\n`));
    const validation = await validate(
      selection,
      { requireKeys: flag(args, 'keys'), readsMedia: flag(args, 'media') },
      io,
    );
    const { problems, warnings } = validation;
    if (flag(args, 'json')) io.stdout.write(`${terminalJson(documentOf(validation), 2)}\n`);
    for (const warning of warnings) io.stderr.write(`warning: ${escapeTerminal(warning)}\n`);
    if (problems.length > 0) throw new InputError(problems);
    if (!flag(args, 'json')) io.stdout.write(summaryOf(validation));
    return EXIT.done;
  },
};

/** Everything that was found; what was not reached is absent. */
interface Validation {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  readonly checked?: {
    readonly setup: Setup;
    readonly samples: number;
    readonly sends: SendingSummary;
  };
}

interface Depth {
  readonly requireKeys: boolean;
  /** Whether media files are opened. */
  readonly readsMedia: boolean;
}

async function validate(selection: Selection, depth: Depth, io: Io): Promise<Validation> {
  const { requireKeys, readsMedia } = depth;
  const opened = await open(selection, depth, io);
  if (opened.setup === null) return { problems: opened.problems, warnings: [] };
  const { setup } = opened;
  const packages = createPackageCheck(setup.models, setup.config);
  const facts: ReadFacts = readsMedia ? mediaFactsReader() : async () => null;
  const sending = createSendingCount(facts, setup.repeat, readsMedia);
  const { source, models } = setup;
  const ids = createIdCheck(source.displayPath);
  const columns = createColumnCheck(source.displayPath, {
    models,
    prompt: source.prompt,
    scorers: setup.config.scorers,
  });
  // The columns of another tool's format are what they are.
  const isOurs = source.format === undefined || Object.hasOwn(FORMATS, source.format);
  const found: Examination = await examineSetup(setup, selection, {
    facts,
    readsMedia,
    async look(planned) {
      packages.look(planned.sample);
      ids.look(planned.sample);
      if (isOurs) columns.look(planned.sample);
      await sending.add(planned);
    },
  });
  return {
    problems: [
      ...opened.problems,
      ...packages.problems(),
      ...found.problems,
      // Keys that are missing have been reported with the others.
      ...(await judgeProblems(found.judges, selection, requireKeys && opened.problems.length === 0, io)),
    ],
    warnings: [...setup.models.flatMap(announcementsOf), ...found.warnings, ...ids.warnings(), ...columns.warnings()],
    checked: { setup, samples: found.sampleCount, sends: sending.summary() },
  };
}

/** Keys of judges that are not there, and judges without a price under a budget. */
async function judgeProblems(judges: readonly ModelConfig[], selection: Selection, requireKeys: boolean, io: Io) {
  if (judges.length === 0) return [];
  try {
    const setup = await openJudgeSetup(judges, selection, io, requireKeys);
    return setup.config.maxCost === undefined ? [] : unpricedModels(setup.models);
  } catch (error) {
    // A configuration without its keys has been reported.
    if (error instanceof InputError) return requireKeys ? error.problems : [];
    throw error;
  }
}

interface Opened {
  /** null = the configuration cannot be used. */
  readonly setup: Setup | null;
  readonly problems: readonly Problem[];
}

/** Opens the setup. A missing key, or a model without a price under a budget, does not stop the check of the manifest. */
async function open(selection: Selection, { requireKeys, readsMedia }: Depth, io: Io): Promise<Opened> {
  const openWith = async (keys: boolean) => {
    const setup = await openSetup(selection, io, {
      requireKeys: keys,
      readsMedia,
      isOnlyPass: true,
      asksJudges: true,
      requirePromptUse: true,
    });
    const unpriced = setup.config.maxCost === undefined ? [] : unpricedModels(setup.models);
    return { setup, problems: [...unpriced, ...rejectedSchemas(setup.models, setup.config)] };
  };
  try {
    return await openWith(requireKeys);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const keyless = requireKeys ? await openWith(false).catch(() => null) : null;
    return { setup: keyless?.setup ?? null, problems: [...error.problems, ...(keyless?.problems ?? [])] };
  }
}

/** What `--json` prints; null = not reached, because the configuration cannot be used. */
function documentOf({ problems, warnings, checked }: Validation): object {
  if (checked === undefined)
    return { valid: false, dataset: null, samples: null, cells: null, sends: null, problems, warnings };
  const { setup, samples, sends } = checked;
  const { source, models, repeat } = setup;
  return {
    valid: problems.length === 0,
    dataset: source.displayPath,
    format: source.format ?? null,
    samples,
    models: models.map(({ id }) => id),
    repeat,
    cells: samples * models.length * repeat,
    sends,
    problems: problems.map(({ isMedia: _, ...problem }) => problem),
    warnings,
  };
}

function summaryOf({ checked }: Validation): string {
  if (checked === undefined) return '';
  const { setup, samples, sends } = checked;
  const { source, models, repeat } = setup;
  const as = source.format === undefined ? '' : ` (${source.format})`;
  const cells = samples * models.length * repeat;
  return [
    `${escapeTerminal(source.displayPath)}${as}: ${counted(samples, 'sample')} x ${counted(models.length, 'model')} x ${repeat} = ${counted(cells, 'cell')}, no problems`,
    ...sendingText(sends).map((line) => `  ${line}`),
    '',
  ].join('\n');
}
