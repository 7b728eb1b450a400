/** The runs to merge: read, and checked to be parts of one run. */

import { InputError, type Problem } from '../../errors.ts';
import { pendingProblem } from '../../journal/batches/pending.ts';
import { findRun } from '../../journal/find-run.ts';
import { damageWarnings } from '../../journal/journal-damage.ts';
import { type Progress, readProgress } from '../../journal/resume.ts';
import { describeSettings } from '../../journal/run-changes.ts';
import type { RunDefinition } from '../../plan/request-hash.ts';
import { parseShard } from '../../plan/shard.ts';
import { comparableStored } from '../../plan/stored-definition.ts';
import type { RunInfo } from '../../report.ts';

/** One of the runs that are merged. */
export interface MergeSource {
  /** As the user wrote it. */
  readonly name: string;
  readonly directory: string;
  readonly info: RunInfo;
  readonly definition: RunDefinition;
  readonly progress: Progress;
  /** Damaged lines of its journal, one sentence each. */
  readonly warnings: readonly string[];
}

/** Reads the runs. @throws {InputError} with every reason why they cannot be one run. */
export async function readSources(
  names: readonly string[],
  cwd: string,
): Promise<readonly [MergeSource, ...MergeSource[]]> {
  const problems: Problem[] = [];
  const sources: MergeSource[] = [];
  for (const name of names) {
    const { directory, info } = findRun(name, cwd);
    const same = sources.find((source) => source.directory === directory);
    if (same !== undefined) {
      problems.push({ file: name, message: 'is named twice', hint: 'name each run once' });
      continue;
    }
    const pending = pendingProblem(directory, name);
    if (pending !== null) problems.push(pending);
    const { progress, scan } = await readProgress(directory, info.selection);
    const { runDefinition: definition } = progress;
    if (definition === null)
      problems.push({
        file: name,
        message: 'has no readable header in its journal',
        hint: 'complete it with earsight run --resume',
      });
    else sources.push({ name, directory, info, definition, progress, warnings: damageWarnings(scan) });
  }
  const [first, ...others] = sources;
  if (first !== undefined) for (const other of others) problems.push(...differences(first, other));
  if (problems.length > 0 || first === undefined) throw new InputError(problems);
  return [first, ...others];
}

/** Why two runs are no parts of one; empty = they are. */
function differences(first: MergeSource, other: MergeSource): readonly Problem[] {
  const at = (message: string, hint: string): Problem => ({ file: other.name, message, hint });
  return [
    ...rowProblems(first, other, at),
    ...describeSettings(comparableStored(first.definition, other.definition)).map((change) =>
      at(`differs from ${first.name}: ${change}`, 'merge runs of the same models, settings and scorers'),
    ),
    ...selectionProblems(first.info, other.info).map((name) =>
      at(
        `was started with another --${name} than ${first.name}`,
        'merge runs of the same selection; only --shard may differ',
      ),
    ),
  ];
}

type At = (message: string, hint: string) => Problem;

function rowProblems(first: MergeSource, other: MergeSource, at: At): readonly Problem[] {
  const [a, b] = [first.info.dataset.rows, other.info.dataset.rows];
  const hint = 'merge runs of the same manifest';
  if (a !== undefined && b !== undefined)
    return a.sha256 === b.sha256
      ? []
      : [at(`is of another manifest than ${first.name} (${b.count} and ${a.count} rows)`, hint)];
  if (
    a === undefined &&
    b === undefined &&
    first.info.selection.shard === undefined &&
    other.info.selection.shard === undefined
  )
    return first.definition.dataset === other.definition.dataset
      ? []
      : [at(`has other samples than ${first.name}`, hint)];
  const unknown = a === undefined ? first : other;
  return [
    at(
      `cannot be merged with ${first.name}: ${unknown.name} does not record which manifest it is a part of`,
      'start all of them with --shard and without --limit, in this version',
    ),
  ];
}

const SELECTED = ['limit', 'sample', 'skipBroken'] as const satisfies readonly (keyof RunInfo['selection'])[];

function selectionProblems(a: RunInfo, b: RunInfo): readonly string[] {
  const sorted = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
  return SELECTED.filter((name) => sorted(a.selection[name]) !== sorted(b.selection[name])).map((name) =>
    name === 'skipBroken' ? 'skip-broken' : name,
  );
}

/** The shards that none of the runs is, as `i/n`, one list for each n. */
export function missingShards(sources: readonly MergeSource[]): readonly string[] {
  const byCount = new Map<number, Set<number>>();
  for (const { info } of sources) {
    const { shard } = info.selection;
    if (shard === undefined) return [];
    const [part, parts] = parseShard(shard);
    byCount.set(parts, (byCount.get(parts) ?? new Set()).add(part));
  }
  // Shards of two cuts overlap: only the cells can say what is missing then.
  if (byCount.size !== 1) return [];
  return [...byCount].flatMap(([parts, seen]) =>
    Array.from({ length: parts }, (_, index) => index + 1)
      .filter((part) => !seen.has(part))
      .map((part) => `${part}/${parts}`),
  );
}
