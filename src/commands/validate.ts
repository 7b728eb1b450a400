/** `earsight validate`: checks manifest, media, model capabilities and keys; reports all problems at once, sends nothing. */

import { type Command, flag } from '../command.ts';
import { EXIT, InputError, type Problem } from '../errors.ts';
import type { Io } from '../io.ts';
import type { PlannedSample } from '../plan/inspect.ts';
import { checkedWithPackages, createPackageCheck } from '../plan/model-packages.ts';
import { announcementsOf } from '../plan/model-provider.ts';
import { checkSetup, openSetup, SELECTION_OPTIONS, type Setup } from '../plan/prepare.ts';
import type { Selection } from '../report.ts';
import { unpricedModels } from '../run/budget.ts';
import { createJudgeCheck, NO_JUDGE } from '../run/judging/ready-judges.ts';
import { counted } from '../text/counted.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { selectionOf, withFolder } from './selection.ts';

export const validateCommand: Command = {
  example: ['earsight validate', 'check everything before a run'],
  positionals: {
    config:
      'configuration file, or a folder with one or with media (default: earsight.config.yaml in this folder or one above)',
  },
  options: {
    ...SELECTION_OPTIONS,
    keys: { type: 'boolean', describe: 'check that keys are in the environment', default: true },
  },
  async run(args, io) {
    const selection = await withFolder(selectionOf(args), io, (line) => io.stderr.write(`${escapeTerminal(line)}\n`));
    const { setup, problems: found } = await open(selection, flag(args, 'keys'), io);
    const packages = createPackageCheck(setup.models);
    const judges = createJudgeCheck(setup.config.judges, setup.config.scorers);
    const look = async ({ sample }: PlannedSample) => {
      packages.look(sample);
      judges.look(sample);
    };
    const check = checkSetup(setup, selection, look);
    const { sampleCount, models, repeat, warnings, source } = await checkedWithPackages(check, packages, found);
    for (const warning of [...models.flatMap(announcementsOf), ...warnings])
      io.stderr.write(`warning: ${escapeTerminal(warning)}\n`);
    if (judges.asked().length > 0) io.stderr.write(`warning: ${NO_JUDGE.message} · ${NO_JUDGE.hint}\n`);
    const cells = sampleCount * models.length * repeat;
    const as = source.format === undefined ? '' : ` (${source.format})`;
    io.stdout.write(
      `${escapeTerminal(source.displayPath)}${as}: ${counted(sampleCount, 'sample')} x ${counted(models.length, 'model')} x ${repeat} = ${counted(cells, 'cell')}, no problems\n`,
    );
    return EXIT.done;
  },
};

/** Opens the setup. A missing key, or a model without a price under a budget, does not stop the check of the manifest. */
async function open(
  selection: Selection,
  requireKeys: boolean,
  io: Io,
): Promise<{ readonly setup: Setup; readonly problems: readonly Problem[] }> {
  const openWith = async (keys: boolean) => {
    const setup = await openSetup(selection, io, { requireKeys: keys, isOnlyPass: true });
    return { setup, problems: setup.config.maxCost === undefined ? [] : unpricedModels(setup.models) };
  };
  try {
    return await openWith(requireKeys);
  } catch (error) {
    const keyless = error instanceof InputError && requireKeys ? await openWith(false).catch(() => null) : null;
    if (!(error instanceof InputError) || keyless === null) throw error;
    return { setup: keyless.setup, problems: [...error.problems, ...keyless.problems] };
  }
}
