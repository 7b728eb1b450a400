/** `earsight init`: writes a commented configuration and a two-line manifest to start from. */

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../command.ts';
import { configTemplate, manifestTemplate } from '../config/config-template.ts';
import { EXIT, InputError } from '../errors.ts';
import { writeNewSync } from '../files/write-file.ts';

const FILES = { 'earsight.config.yaml': configTemplate, 'manifest.csv': manifestTemplate } as const;

export const initCommand: Command = {
  example: ['earsight init', 'start in an empty folder'],
  options: {},
  async run(_args, io) {
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
    for (const [name, template] of Object.entries(FILES)) writeNewSync(join(io.cwd, name), template());
    io.stdout.write(`wrote ${Object.keys(FILES).join(' and ')} · next: earsight validate\n`);
    return EXIT.done;
  },
};
