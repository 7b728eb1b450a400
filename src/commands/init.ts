/** `earsight init`: writes a commented configuration with an example that runs at once, or one for a dataset of the user's own. */

import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, text } from '../command.ts';
import { TASK_NAMES, TASKS, type TaskName } from '../config/starter/example-task.ts';
import { exampleFiles, filesFor, type StarterFiles } from '../config/starter/starter-files.ts';
import { EXIT, InputError } from '../errors.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeNewSync } from '../files/write-file.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';

export const initCommand: Command = {
  example: ['earsight init && earsight run', 'an example that runs on this machine, without an account'],
  options: {
    task: {
      type: 'string',
      describe: `what is asked, which decides the scorers: ${TASK_NAMES.join(', ')} (default: question)`,
    },
    from: {
      type: 'string',
      describe:
        'a folder of media, a manifest or a dataset of another tool to write a configuration for (default: an example)',
    },
    prompt: {
      type: 'string',
      describe: 'with --from: what is asked of samples without a prompt (default: to transcribe)',
    },
  },
  async run(args, io) {
    const [task, from, prompt] = ['task', 'from', 'prompt'].map((name) => text(args, name));
    const chosen = task === undefined ? undefined : taskOf(task);
    if (from === undefined && prompt !== undefined)
      throw new InputError({ message: '--prompt needs --from', hint: 'the example has prompts of its own' });
    const files =
      from === undefined
        ? exampleFiles(chosen ?? 'question')
        : await filesFor({ cwd: io.cwd, from, prompt, task: chosen });
    writeAll(io.cwd, files);
    const [last = '', ...others] = Object.keys(files).toReversed();
    const written = escapeTerminal(`${others.toReversed().join(', ')} and ${last}`);
    const isExample = from === undefined && chosen !== undefined;
    const note = isExample && 'needsModel' in TASKS[chosen] ? 'choose a model, then ' : '';
    io.stdout.write(`wrote ${written} · next: ${note}earsight validate\n`);
    return EXIT.done;
  },
};

function taskOf(name: string): TaskName {
  const task = TASK_NAMES.find((known) => known === name);
  if (task !== undefined) return task;
  throw new InputError({ message: `--task: unknown task ${quote(name)}`, hint: suggest(name, TASK_NAMES) });
}

/** Writes all files, or none when one exists already. @throws {InputError} naming everything that is in the way. */
function writeAll(folder: string, files: StarterFiles): void {
  const names = Object.keys(files);
  const problems = [
    ...new Set(names.map(dirname).filter((name) => kindOf(folder, name) === 'other')),
    ...names.filter((name) => kindOf(folder, dirname(name)) === 'folder' && kindOf(folder, name) !== 'none'),
  ].map((file) => ({
    file,
    message: names.includes(file) ? 'already exists' : 'already exists and is not a folder',
    hint: 'nothing was written; move or rename it first',
  }));
  if (problems.length > 0) throw new InputError(problems);
  for (const [name, content] of Object.entries(files)) {
    if (name.includes('/')) makeFolder(dirname(join(folder, name)));
    writeNewSync(join(folder, name), content);
  }
}

/** A link is neither: what it leads to may be somebody else's. */
function kindOf(folder: string, name: string): 'none' | 'folder' | 'other' {
  if (name === '.') return 'folder';
  const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
  if (found === undefined) return 'none';
  return found.isDirectory() ? 'folder' : 'other';
}
