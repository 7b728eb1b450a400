import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/registry.ts';
import { workspace } from './helpers/cli.ts';
import { IS_BUILT, startCommand } from './helpers/command.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8');

describe.skipIf(!IS_BUILT)('the bundled command', () => {
  test.each([[[]], ...Object.keys(COMMANDS).map((name) => [[name]])])(
    'lays out the help of %j as yargs does',
    async (argv) => {
      using folder = workspace();
      const lines: string[] = [];

      // No columns, as for a stream that is no terminal.
      await folder.run([...argv, '--help'], { stdout: { write: (text) => lines.push(text) } });
      const { stdout } = await startCommand(folder, [...argv, '--help']).ended;

      expect(lines.join('')).toMatch(/^earsight /);
      expect(stdout).toBe(lines.join(''));
    },
  );

  test('runs what init writes at once', async () => {
    using folder = workspace();

    const init = await startCommand(folder, ['init']).ended;
    const validate = await startCommand(folder, ['validate']).ended;
    const run = await startCommand(folder, ['run', '--model', 'ocr-tesseract', '--out', 'out']).ended;

    expect([init.code, validate.code, run.code]).toEqual([0, 0, 0]);
    expect(run.stdout).toMatch(/^ocr-tesseract +1 of 2 +100\.0%/m);
  });

  test('answers with the version of the package', async () => {
    using folder = workspace();

    const { stdout } = await startCommand(folder, ['--version']).ended;

    expect(stdout).toBe(`${JSON.parse(read('package.json')).version}\n`);
  });

  test('comes with the licences of the packages whose code it holds, and of no others', () => {
    const notices = read('dist/third-party-licenses.txt');

    const names = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+ \((?:MIT|ISC)\)$/gm)].map(([, name]) => name);

    expect(names).toEqual(expect.arrayContaining(['csv-parse', 'undici', 'yaml', 'yargs', 'yargs-parser', 'zod']));
    expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(@azure|gpt-tokenizer|sharp|onnx)/)]));
    expect(notices.split(/^-{80}$/m)).toHaveLength(names.length + 1);
    expect(notices.match(/without warranty|THE SOFTWARE IS PROVIDED "AS IS"/gi)?.length).toBeGreaterThanOrEqual(
      names.length,
    );
  });
});
