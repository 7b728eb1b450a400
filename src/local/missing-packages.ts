/** Finds out which optional packages are not installed, without loading any. */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Problem } from '../errors.ts';
import { OPTIONAL_PACKAGES, type OptionalPackage } from '../optional-package.ts';

/** A package and what needs it. */
export interface PackageNeed {
  readonly name: OptionalPackage;
  /** For messages, e.g. `model "small"`. */
  readonly by: string;
}

const require = createRequire(import.meta.url);

/** Whether Node would find the package from here. Loading it would start native code. */
function isInstalled(name: OptionalPackage): boolean {
  return (require.resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name, 'package.json')));
}

/** One problem with all packages that are missing, and the command that installs them; none when all are there. */
export function missingPackages(needs: readonly PackageNeed[], isThere = isInstalled): readonly Problem[] {
  const missing = [...new Set(needs.map(({ name }) => name))].filter((name) => !isThere(name));
  if (missing.length === 0) return [];
  const users = [...new Set(needs.filter(({ name }) => missing.includes(name)).map(({ by }) => by))];
  const packages = missing.length === 1 ? 'the optional package' : 'the optional packages';
  return [
    {
      message: `${users.join(', ')}: ${packages} ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`,
      hint: `npm install ${missing.map((name) => `${name}@${OPTIONAL_PACKAGES[name]}`).join(' ')}`,
    },
  ];
}
