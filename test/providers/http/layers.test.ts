import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folder = new URL('../../../src/providers/http/', import.meta.url);

test('the transport imports nothing of the providers that use it', () => {
  const files = readdirSync(folder);
  const imports = files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), 'utf8').matchAll(/from '(\.\.\/[^.][^']*)'/g)].map(
      ([, target]) => `${file} imports ${target}`,
    ),
  );

  expect(files.length).toBeGreaterThan(10);
  expect(imports).toEqual([]);
});
