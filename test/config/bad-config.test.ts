import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { inputErrorOf } from './input-error-of.ts';

const folder = fileURLToPath(new URL('../fixtures/bad', import.meta.url));
const files = readdirSync(folder).filter((name) => /^config-.*\.(?:yaml|json)$/.test(name));

/** Every secret of the fixtures holds this word. */
const SECRET = 'n3verShown';
const env = { OPENAI_API_KEY: `${SECRET}-openai`, AZURE_INFERENCE_CREDENTIAL: `${SECRET}-azure`, EMPTY: '' };

const rejection = (name: string) => inputErrorOf(loadConfig(name, { cwd: folder, env }));

test('there are at least twenty defects', () => {
  expect(files.length).toBeGreaterThanOrEqual(20);
});

describe.each(files)('%s', (name) => {
  test('has a golden message', () => {
    expect(existsSync(join(folder, `${name}.txt`))).toBe(true);
  });

  test('is rejected with its golden message', async () => {
    await expect(`${await rejection(name)}\n`).toMatchFileSnapshot(join(folder, `${name}.txt`));
  });

  test('is rejected with file and line in every problem', async () => {
    for (const line of (await rejection(name)).split('\n')) expect(line).toMatch(/^config-[\w.-]+:\d+(?::\d+)? \S/);
  });

  test('is rejected without a secret in the message', async () => {
    expect(await rejection(name)).not.toContain(SECRET);
  });
});
