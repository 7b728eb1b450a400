/** `earsight batch`: sends a run through the batch APIs of its providers, for less money and without latencies. */

import { type Arguments, type Command, flag, list, number, text } from '../../command.ts';
import { InputError, type Problem } from '../../errors.ts';
import type { Io } from '../../io.ts';
import { SELECTION_OPTIONS } from '../../plan/selection-options.ts';
import { suggest } from '../../text/nearest-name.ts';
import { quote } from '../../text/quote.ts';
import { cancel } from './cancel.ts';
import { collect } from './collect.ts';
import { status } from './status.ts';
import { submit } from './submit.ts';

const ACTIONS: Readonly<Record<string, (args: Arguments, io: Io) => Promise<number>>> = {
  submit,
  status,
  collect,
  cancel,
};

/** Options that only some actions take. */
const OF_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    Object.keys(SELECTION_OPTIONS).flatMap((name) =>
      ['dataset', 'endpoint'].includes(name) ? [] : [[name, ['submit']] as const],
    ),
  ),
  'rest-live': ['submit'],
  'max-cost': ['submit'],
  shared: ['submit'],
  yes: ['submit'],
  'resume-changed': ['submit', 'collect'],
  wait: ['collect'],
  forget: ['cancel'],
};

export const batchCommand: Command = {
  example: ['earsight batch submit results/night', 'make a run there and send it by batch; collect it tomorrow'],
  positionals: {
    action: 'submit, status, collect or cancel',
    run: 'results folder of the run, new or with a run in it, or "latest"',
  },
  options: {
    config: {
      type: 'string',
      describe: 'configuration file, or a folder with one (default: earsight.config.yaml in this folder or one above)',
    },
    ...SELECTION_OPTIONS,
    'rest-live': {
      type: 'boolean',
      describe: 'submit: ask what cannot go by batch the ordinary way, in the same run (default: it is a problem)',
      default: false,
    },
    'max-cost': {
      type: 'number',
      describe: 'submit: send nothing if the requests may cost more USD than this (default: no limit)',
    },
    shared: {
      type: 'boolean',
      describe: 'submit: let others read a new folder, as the umask says (default: only its owner may)',
      default: false,
    },
    'resume-changed': {
      type: 'boolean',
      describe: 'submit, collect: continue although the manifest or the models changed',
      default: false,
    },
    yes: {
      type: 'boolean',
      describe: 'submit: do not ask for confirmation, whatever the expected cost',
      default: false,
    },
    wait: { type: 'boolean', describe: 'collect: wait until all batches have ended', default: false },
    forget: {
      type: 'boolean',
      describe: 'cancel: give back the cells of batches that the endpoint does not have',
      default: false,
    },
    json: { type: 'boolean', describe: 'print one JSON document instead of the table', default: false },
    quiet: { type: 'boolean', describe: 'print only errors on stderr', default: false },
  },
  async run(args, io) {
    const name = text(args, 'action') ?? '';
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (action === undefined)
      throw new InputError({
        message: `unknown action ${quote(name)} of batch`,
        hint: suggest(name, Object.keys(ACTIONS)),
      });
    const problems = strayOptions(name, args);
    if (problems.length > 0) throw new InputError(problems);
    return action(args, io);
  },
};

/** Options of another action: ignoring them would surprise. */
function strayOptions(action: string, args: Arguments): readonly Problem[] {
  const isGiven = (option: string) =>
    flag(args, option) ||
    number(args, option) !== undefined ||
    typeof args[option] === 'string' ||
    list(args, option).length > 0;
  return Object.entries(OF_ACTIONS)
    .filter(([option, actions]) => !actions.includes(action) && isGiven(option))
    .map(([option, actions]) => ({
      message: `batch ${action} does not take --${option}`,
      hint: `it is an option of batch ${actions.join(' and ')}`,
    }));
}
