import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { workspace } from './helpers/cli.ts';
import { IS_BUILT } from './helpers/command.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const execute = promisify(execFile);

/** The embedded models load in a second, and in many on a busy machine. */
const TIMEOUT_MS = 120_000;

describe.skipIf(!IS_BUILT)('the programs of examples/api', () => {
  const folder = workspace();
  afterAll(() => rmSync(folder.directory, { recursive: true }));
  const output = async (...argv: string[]) => (await execute(process.execPath, argv, { cwd: ROOT })).stdout;
  const example = (name: string, out: string) => output(`examples/api/${name}.mjs`, join(folder.directory, out));

  test(
    'evaluate prints each answer of the embedded models, and before-and-after compares them',
    async () => {
      const answers = await example('evaluate', 'models');
      const compared = await example('before-and-after', 'models');

      expect(answers).toContain('receipt ocr-tesseract: "8.30"\n');
      expect(answers).toContain('sign ocr-ppv4: "NIGHT EXIT\\nPush bar to open"\n');
      expect(answers).toMatch(/^ocr-ppv4: 0\.98\d+$/m);
      expect(compared).toMatch(/^samples: capital, receipt, sign, pair, garage\ngpt-4o: about \$0\.\d{4}\n/);
      expect(compared).toContain('ocr-ppv4 and ocr-tesseract: same, p = 1\n');
    },
    TIMEOUT_MS,
  );

  test(
    'own-code asks a provider of its own, whose failure has no score',
    async () => {
      expect(await example('own-code', 'code')).toBe(
        'capital completed word-share=0.3333333333333333 includes=1\nplanet completed word-share=1 includes=1\nmoon failed\n',
      );
    },
    TIMEOUT_MS,
  );

  test(
    'regression is a test of vitest that passes',
    async () => {
      const vitest = join('node_modules', 'vitest', 'vitest.mjs');

      expect(await output(vitest, 'run', '--root', 'examples/api')).toMatch(/Tests.*3 passed/);
    },
    TIMEOUT_MS,
  );
});
