/** `earsight convert`: writes any dataset that earsight reads as a manifest, with its embedded media as files. */

import { basename, dirname, join, resolve } from 'node:path';
import { defined } from '../collections/defined.ts';
import { type Command, flag, text } from '../command.ts';
import type { ColumnMap } from '../dataset/column-map.ts';
import { convertManifest } from '../dataset/convert/convert-manifest.ts';
import { ALL_FORMATS, type FormatName, isFormatName } from '../dataset/find-format.ts';
import { mediaPlaceOf } from '../dataset/media-base.ts';
import { withFormat } from '../dataset/open-format.ts';
import { parseMap } from '../dataset/parse-map.ts';
import type { DatasetSource } from '../dataset/read-manifest.ts';
import { EXIT, formatProblem, InputError } from '../errors.ts';
import { realPath } from '../files/real-path.ts';
import { escapeTerminal } from '../text/escape-terminal.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';

export const convertCommand: Command = {
  example: ['earsight convert benchmark.tsv -o manifest.jsonl', 'write the manifest, and the images in media/'],
  positionals: { dataset: 'file or folder to read' },
  options: {
    out: { type: 'string', alias: 'o', describe: 'manifest to write, .jsonl (default: none, it must be given)' },
    format: { type: 'string', describe: 'how the dataset is written, e.g. inspect (default: found by the file)' },
    prompt: {
      type: 'string',
      describe: 'prompt of rows without one, with {{column}} for their values (default: none)',
    },
    map: {
      type: 'string',
      describe: 'columns under other names, e.g. prompt=question,target=answer (default: none)',
    },
    'media-root': { type: 'string', describe: "folder or URL that media must be below (default: the dataset's)" },
    'copy-media': {
      type: 'boolean',
      describe: 'copy media that are outside the folder of the manifest into its media/ folder',
      default: false,
    },
    'skip-broken': { type: 'boolean', describe: 'leave rows with problems out, and list them', default: false },
    force: { type: 'boolean', describe: 'replace the file if it exists', default: false },
  },
  async run(args, io) {
    const out = text(args, 'out');
    if (out === undefined) throw new InputError({ message: 'no --out given', hint: 'for example -o manifest.jsonl' });
    const dataset = text(args, 'dataset') ?? '';
    const root = text(args, 'media-root');
    const source: DatasetSource = await withFormat(
      defined({
        path: resolve(io.cwd, dataset),
        displayPath: dataset,
        format: formatNamed(text(args, 'format')),
        prompt: text(args, 'prompt'),
        map: mapOf(text(args, 'map')),
        ...mediaPlaceOf(root, (folder) => resolve(io.cwd, folder)),
      }),
    );
    const { samples, media, leftOut, notes } = await convertManifest(source, {
      path: withRealFolder(resolve(io.cwd, out)),
      displayPath: out,
      force: flag(args, 'force'),
      copyMedia: flag(args, 'copy-media'),
      skipBroken: flag(args, 'skip-broken'),
    });
    const warn = (sentence: string) => io.stderr.write(`warning: ${escapeTerminal(sentence)}\n`);
    for (const problem of leftOut) warn(`left out: ${formatProblem(problem)}`);
    for (const note of notes) warn(note);
    const as = source.format === undefined ? '' : ` (${source.format})`;
    const files = media === 0 ? '' : `, ${media} media ${media === 1 ? 'file' : 'files'} in media/`;
    io.stdout.write(
      `${escapeTerminal(`${dataset}${as} -> ${out}: ${samples} ${samples === 1 ? 'sample' : 'samples'}${files}`)}\n`,
    );
    return EXIT.done;
  },
};

/** A link at the path itself is not followed. */
const withRealFolder = (path: string) => join(realPath(dirname(path)), basename(path));

function mapOf(written: string | undefined): ColumnMap | undefined {
  if (written === undefined) return undefined;
  const parsed = parseMap(written);
  if ('problems' in parsed) throw new InputError(parsed.problems);
  return parsed.map;
}

function formatNamed(name: string | undefined): FormatName | undefined {
  if (name === undefined || isFormatName(name)) return name;
  throw new InputError({ message: `unknown format ${quote(name)}`, hint: suggest(name, Object.keys(ALL_FORMATS)) });
}
