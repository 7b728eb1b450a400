import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { InputError } from '../src/errors.ts';
import { loadOptional, OPTIONAL_PACKAGES } from '../src/optional-package.ts';

test('names the very versions that package.json pins', () => {
  const manifest: { readonly optionalDependencies: Record<string, string> } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  expect(manifest.optionalDependencies).toMatchObject(OPTIONAL_PACKAGES);
});

test('gives what was loaded', async () => {
  expect(await loadOptional('sharp', () => 'sharp')).toBe('sharp');
});

test.each([new Error('Cannot find package\nstack'), 'Cannot find package'])(
  'says which package is absent and how to install it',
  async (thrown) => {
    const failure = loadOptional('soundswallower', () => Promise.reject(thrown));
    await expect(failure).rejects.toBeInstanceOf(InputError);
    await expect(failure).rejects.toThrow(
      'the embedded models need the optional package soundswallower: Cannot find package · npm install soundswallower@0.6.3',
    );
  },
);
