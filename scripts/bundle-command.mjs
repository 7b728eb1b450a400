// Bundles the built command, run after tsc: node scripts/bundle-command.mjs
//
// `dist/cli.js` and `dist/chunks/` hold the command: its own code and the packages that it imports statically, in a few dozen
// files instead of several hundred. Opening those took most of the time that a short command ran. The library
// (`dist/index.js`) stays the output of tsc, with all packages outside.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'src');
const NOTICES = join(ROOT, 'dist', 'third-party-licenses.txt');

/** Packages that are loaded only when used stay packages: the optional ones, and the large ones. */
const lazyPackages = {
  name: 'lazy-packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/** A source file finds its neighbours (a worker, a table, package.json) by `import.meta.url`; in a chunk, that stays the address of the file that tsc wrote. */
const ownAddress = {
  name: 'own-address',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const built = relative(SOURCE, path).replaceAll('\\', '/').replace(/\.ts$/, '.js');
      const source = readFileSync(path, 'utf8');
      return {
        loader: 'ts',
        contents: source.replaceAll('import.meta.url', `new URL('../${built}', import.meta.url).href`),
      };
    });
  },
};

/**
 * yargs lays out the help with `string-width`, which builds its Unicode tables as soon as it is loaded: a quarter of the
 * time that `--help` takes. The help is plain text of narrow characters, and a test compares it with what yargs makes of it.
 */
const narrowHelp = {
  name: 'narrow-help',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer.includes('node_modules') ? { path: 'string-width', namespace: 'narrow' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'narrow' }, () => ({ contents: 'export default (text) => text.length;' }));
  },
};

/** The licences of the bundled packages, whose terms ask that they travel with the code. */
function notices(inputs) {
  const folders = inputs.flatMap((path) => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0] ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(ROOT, folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined)
      throw new Error(`${folder} has no licence file, and its code may not be bundled without one`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(ROOT, folder, file), 'utf8').trim()}\n`;
  });
}

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  logLevel: 'warning',
  plugins: [lazyPackages, ownAddress, narrowHelp],
  // Some packages are CommonJS and require what Node has built in.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
  },
});
const head = 'dist/cli.js and dist/chunks/ contain code of these packages, under these licences.\n';
writeFileSync(NOTICES, [head, ...notices(Object.keys(metafile.inputs))].join(`\n${'-'.repeat(80)}\n\n`));
