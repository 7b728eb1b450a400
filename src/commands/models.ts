/** `earsight models`: what is known offline of a model, from the tables that all other commands use. */

import { type Command, flag, text } from '../command.ts';
import { EXIT, InputError } from '../errors.ts';
import { isKnown, type KnownModel, knownModel, knownModelNames } from '../estimate/known-models.ts';
import { knownModelsTable, knownModelText } from '../estimate/known-models-text.ts';
import { comparableModel } from '../models/model-name.ts';
import { nearestName } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import { terminalJson } from '../text/terminal-json.ts';

export const modelsCommand: Command = {
  example: ['earsight models "claude-*"', 'all known Claude models in a table'],
  positionals: { pattern: 'name of a model, a part of it, or a pattern with * (default: all known models)' },
  options: { json: { type: 'boolean', describe: 'print one JSON document instead of text', default: false } },
  async run(args, io) {
    const models = find(text(args, 'pattern'));
    const [only] = models;
    if (flag(args, 'json')) io.stdout.write(`${terminalJson({ models }, 2)}\n`);
    else if (models.length === 1 && only !== undefined) io.stdout.write(knownModelText(only));
    else io.stdout.write(knownModelsTable(models));
    return EXIT.done;
  },
};

/** A name that is not listed may still be known: the tables match parts of names, such as those of deployments. */
function find(pattern: string | undefined): readonly KnownModel[] {
  const names = knownModelNames();
  if (pattern === undefined) return names.map(knownModel);
  if (pattern.trim() === '')
    throw new InputError({ message: 'the pattern is empty', hint: 'name a model, or omit it' });
  const isMatch = matcher(pattern);
  const found = names.filter(isMatch).map(knownModel);
  if (found.length > 0) return found;
  const own = knownModel(pattern);
  if (!pattern.includes('*') && isKnown(own)) return [own];
  const nearest = nearestName(pattern, names);
  throw new InputError({
    message: `nothing is known of a model ${quote(pattern)}`,
    hint: nearest === undefined ? 'earsight models lists all known ones' : `did you mean "${nearest}"?`,
  });
}

/** Matches the whole name where it is known or has a `*`, else a part of it; case and the spelling of versions do not count. */
function matcher(pattern: string): (name: string) => boolean {
  const wanted = spelling(pattern);
  if (knownModelNames().some((name) => spelling(name) === wanted)) return (name) => spelling(name) === wanted;
  if (!pattern.includes('*')) return (name) => spelling(name).includes(wanted);
  const parts = wanted.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`);
  return (name) => whole.test(spelling(name));
}

function spelling(name: string): string {
  return comparableModel(name).replaceAll('.', '-');
}
