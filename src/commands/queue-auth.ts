/** Option `--queue-auth` of the commands that use a queue. */

import { type Arguments, type OptionSpec, text } from '../command.ts';
import { QUEUE_AUTHS, type QueueAuth } from '../config/defaults.ts';
import { InputError } from '../errors.ts';
import { suggest } from '../text/nearest-name.ts';

export const QUEUE_AUTH = {
  type: 'string',
  describe:
    'how Redis knows this machine, one of password (as the URL says), entra (a token of Entra ID) ' +
    '(default: EARSIGHT_QUEUE_AUTH, or password)',
} as const satisfies OptionSpec;

/** undefined = neither the option nor `value`, the variable, says it. @throws {InputError} for another name. */
export function queueAuthOf(args: Arguments, value?: string): QueueAuth | undefined {
  const name = text(args, 'queue-auth') ?? value;
  if (name === undefined || name === '') return undefined;
  const auth = QUEUE_AUTHS.find((one) => one === name);
  if (auth !== undefined) return auth;
  throw new InputError({ message: `--queue-auth cannot be "${name}"`, hint: suggest(name, QUEUE_AUTHS) });
}
