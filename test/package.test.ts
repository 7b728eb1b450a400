import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Workspace, workspace } from './helpers/cli.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What a fresh clone does not have, and what neither the build nor the package needs. */
const LEFT_OUT = ['.git', 'bench', 'coverage', 'datasets', 'dist', 'node_modules', 'results', 'test'];

/** npm and the compiler take up to a minute, and several on a busy machine. */
const TIMEOUT_MS = 300_000;

/** Where no registry answers, npm gives up within seconds. */
const INSTALL = [
  ...['--omit=optional', '--prefer-offline', '--no-audit', '--no-fund'],
  ...['--fetch-timeout=30000', '--fetch-retries=1', '--fetch-retry-mintimeout=500'],
];

const NO_REGISTRY = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b/;

const KEYS = {
  AZURE_INFERENCE_ENDPOINT: 'https://example.services.ai.azure.com/openai/v1',
  AZURE_INFERENCE_CREDENTIAL: 'unused',
};

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const execute = promisify(execFile);

/** What the program prints. @throws when it fails, with what it said. */
async function output(cwd: string, program: string, ...argv: string[]): Promise<string> {
  return (await execute(program, argv, { cwd, env: { ...process.env, ...KEYS } })).stdout;
}

/** Packs a copy that has the packages of this one and was never built. */
async function pack(folder: Workspace): Promise<Packed> {
  const clone = join(folder.directory, 'clone');
  cpSync(ROOT, clone, { recursive: true, filter: (path) => !LEFT_OUT.includes(relative(ROOT, path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  const printed = await output(clone, 'npm', 'pack', '--json', '--pack-destination', folder.directory);
  // npm 11 also prints what the scripts print; a newer one lists the packages by name.
  const [packed] = Object.values(JSON.parse(printed.slice(printed.search(/^[[{]/m))) as Record<string, Packed>);
  if (packed === undefined) throw new Error(`nothing was packed: ${printed}`);
  return packed;
}

describe.skipIf(process.platform === 'win32')('the package made of a fresh clone', () => {
  const folder = workspace();
  let packed: Packed;
  beforeAll(async () => {
    packed = await pack(folder);
    return () => folder[Symbol.dispose]();
  }, TIMEOUT_MS);

  test('holds the built command and library, docs and an example, and nothing of the development', () => {
    const paths = packed.files.map(({ path }) => path);

    expect(paths).toEqual(
      expect.arrayContaining([
        'dist/cli.js',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/local/engine-worker.js',
        'dist/third-party-licenses.txt',
        'dist/tokens/prices.json',
        'assets/en-bigram.fsg',
        'docs/configuration.md',
        'examples/earsight.config.yaml',
        'examples/media/garage.wav',
        'examples/media/receipt.jpg',
        'examples/media/sign.png',
      ]),
    );
    expect(paths.filter((path) => /^(src|test|bench|scripts|datasets)\//.test(path))).toEqual([]);
  });

  test(
    'is installed without the optional packages and runs',
    async ({ skip }) => {
      const project = join(folder.directory, 'project');
      mkdirSync(project);
      await output(project, 'npm', 'install', ...INSTALL, join(folder.directory, packed.filename)).catch((error) => {
        const reason = NO_REGISTRY.exec(String(error))?.[0];
        if (reason !== undefined) skip(`the package registry cannot be reached: ${reason}`);
        throw error;
      });
      const earsight = (...argv: string[]) => output(project, join(project, 'node_modules/.bin/earsight'), ...argv);
      const library = "console.log(typeof (await import('earsight')).evaluate)";

      const version = await earsight('--version');
      const written = await earsight('init');
      const own = await earsight('validate').catch(({ stderr }: { readonly stderr: string }) => stderr);
      const example = await earsight('validate', 'node_modules/earsight/examples/earsight.config.yaml');
      const imported = await output(project, process.execPath, '--input-type=module', '-e', library);

      expect(existsSync(join(project, 'node_modules/sharp'))).toBe(false);
      expect(version).toBe(`${packed.filename.replace(/^earsight-|\.tgz$/g, '')}\n`);
      expect(written).toContain('media/receipt.jpg and media/garage.wav · next: earsight validate\n');
      expect(own).toContain('npm install');
      expect(example).toContain('5 samples x 4 models x 1 = 20 cells, no problems');
      expect(imported).toBe('function\n');
    },
    TIMEOUT_MS,
  );
});
