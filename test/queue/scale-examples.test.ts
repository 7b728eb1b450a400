// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to the environment are what is tested
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { TokenCredential } from '../../src/io.ts';
import { isRecord } from '../../src/text/is-record.ts';
import { workspace } from '../helpers/cli.ts';

vi.setConfig({ testTimeout: 60_000 });

const FOLDER = fileURLToPath(new URL('../../examples/scale', import.meta.url));
const FILES = ['kubernetes.yaml', 'container-apps-run.yaml', 'container-apps-worker.yaml'];
/** Nobody listens there: a command that gets as far as this has accepted its options, its configuration and its variables. */
const NOWHERE = 'redis://127.0.0.1:1';

const text = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const documents = (file: string): readonly unknown[] =>
  parseAllDocuments(text(file)).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** Every container in a document, however deep. */
function containersIn(value: unknown): readonly Container[] {
  if (Array.isArray(value)) return value.flatMap(containersIn);
  if (!isRecord(value)) return [];
  const own = Object.entries(value).flatMap(([name, list]) =>
    name === 'containers' || name === 'initContainers' ? (list as readonly Container[]) : [],
  );
  return [...own, ...Object.values(value).flatMap(containersIn)];
}

/** The words after `earsight`, of a container that runs it. */
function commandLine({ command = [], args }: Container): readonly string[] | null {
  const words = command[0] === 'sh' ? args.join(' ').split(' ') : [...command, ...args];
  const at = words.indexOf('earsight');
  return at === -1 ? null : words.slice(at + 1).map((word) => (word.startsWith('rediss://') ? NOWHERE : word));
}

const lines = FILES.flatMap((file) =>
  containersIn(documents(file)).flatMap((container) => {
    const argv = commandLine(container);
    return argv === null ? [] : [{ file, name: container.name, argv, env: container.env ?? [] }];
  }),
);
const config = documents('kubernetes.yaml')
  .filter(isRecord)
  .flatMap(({ data }) => (isRecord(data) ? [String(data['earsight.config.yaml'])] : []))[0];

const credential: TokenCredential = {
  getToken: async () => ({
    token: `e30.${Buffer.from('{"oid":"o"}').toString('base64url')}.s`,
    expiresOnTimestamp: 9e15,
  }),
};

describe('the examples of many machines', () => {
  test('have a coordinator and a worker each', () => {
    expect(lines.map(({ file, argv }) => `${file} ${argv[0]}`)).toEqual([
      'kubernetes.yaml run',
      'kubernetes.yaml worker',
      'container-apps-run.yaml run',
      'container-apps-worker.yaml worker',
    ]);
  });

  test.each(lines)('$file: earsight accepts the line of $name', async ({ argv, env }) => {
    using folder = workspace({
      'manifest.csv': 'id,prompt,target\ns1,one,yes\n',
      'earsight.config.yaml': config ?? '',
    });
    const named = Object.fromEntries(
      env.map(({ name, value = 'v' }) => [name, name === 'EARSIGHT_QUEUE' ? NOWHERE : value]),
    );
    const { code, stderr } = await folder.run(argv, {
      env: { EARSIGHT_QUEUE: NOWHERE, MEDIA_SAS: 'sv=1', ...named },
      credential,
    });

    expect([code, stderr]).toEqual([2, expect.stringContaining('the queue at 127.0.0.1:1 cannot be reached')]);
  });

  test.each(FILES)('%s says that it was not run', (file) => {
    expect(text(file)).toMatch(/Not run on (a cluster|Azure):/);
  });
});
