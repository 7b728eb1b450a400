/** `earsight init`: writes a commented configuration and a two-line manifest to start from. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, text } from '../command.ts';
import { configTemplate, manifestTemplate, TASKS, type TaskName } from '../config/config-template.ts';
import { EXIT, InputError } from '../errors.ts';
import { writeNewSync } from '../files/write-file.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';

const FILES = { 'earsight.config.yaml': configTemplate, 'manifest.csv': manifestTemplate } as const;

export const initCommand: Command = {
  example: ['earsight init --task transcription', 'start in an empty folder'],
  options: {
    task: {
      type: 'string',
      describe: `what is asked, which decides the scorers: ${taskNames().join(', ')} (default: question)`,
    },
  },
  async run(args, io) {
    const task = taskOf(text(args, 'task') ?? 'question');
    const there = Object.keys(FILES).filter(
      (name) => lstatSync(join(io.cwd, name), { throwIfNoEntry: false }) !== undefined,
    );
    if (there.length > 0) {
      throw new InputError(
        there.map((file) => ({
          file,
          message: 'already exists',
          hint: 'nothing was written; move or rename it first',
        })),
      );
    }
    for (const [name, template] of Object.entries(FILES)) writeNewSync(join(io.cwd, name), template(task));
    io.stdout.write(
      `wrote ${Object.keys(FILES).join(' and ')} · next: ${task === 'transcription' ? 'name your clips in manifest.csv, then ' : ''}earsight validate\n`,
    );
    return EXIT.done;
  },
};

function taskNames(): readonly TaskName[] {
  return Object.keys(TASKS).filter((name): name is TaskName => Object.hasOwn(TASKS, name));
}

function taskOf(name: string): TaskName {
  const task = taskNames().find((known) => known === name);
  if (task !== undefined) return task;
  throw new InputError({ message: `--task: unknown task ${quote(name)}`, hint: suggest(name, taskNames()) });
}
