/** `earsight validate`: manifest, media, model capabilities and keys, all problems at once, nothing sent. */

import { EXIT } from '../errors.ts';
import { escapeTerminal } from '../reporters/escape-terminal.ts';
import { type Command, flag } from './command.ts';
import { checkSetup, openSetup, SELECTION_OPTIONS } from './prepare.ts';
import { selectionOf } from './selection.ts';

export const validateCommand: Command = {
  usage: 'validate [config]',
  describe: 'check manifest, media, model capabilities and keys; nothing is sent',
  example: ['earsight validate', 'check everything before a run'],
  positionals: { config: 'configuration file (default: earsight.config.yaml here or above)' },
  options: {
    ...SELECTION_OPTIONS,
    keys: { type: 'boolean', describe: 'check that keys are in the environment', default: true },
  },
  async run(args, io) {
    const selection = selectionOf(args);
    const setup = await openSetup(selection, io, { requireKeys: flag(args, 'keys'), isOnlyPass: true });
    const { sampleCount, models, repeat, warnings, source } = await checkSetup(setup, selection);
    for (const warning of warnings) io.stderr.write(`warning: ${escapeTerminal(warning)}\n`);
    const cells = sampleCount * models.length * repeat;
    io.stdout.write(
      `${escapeTerminal(source.displayPath)}: ${sampleCount} samples x ${models.length} models x ${repeat} = ${cells} cells, no problems\n`,
    );
    return EXIT.done;
  },
};
