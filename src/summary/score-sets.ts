/** Shows results under one of the sets of scores that a run has. */

import { defined } from '../collections/defined.ts';
import { InputError } from '../errors.ts';
import { decodeLine } from '../journal/journal-line.ts';
import { openJournalReader } from '../journal/journal-reader.ts';
import { judgedHash } from '../journal/lines/score-line.ts';
import type { Progress } from '../journal/resume.ts';
import type { StoredSet, StoredSets } from '../journal/scores/stored-sets.ts';
import { RUN_SET, type RunInfo, type ScoreSets } from '../report.ts';
import type { CellScores, Result } from '../result.ts';
import { scorerInfo } from '../scorers/registry.ts';
import { suggest } from '../text/nearest-name.ts';
import { quote } from '../text/quote.ts';
import type { ScorerConfig } from '../types.ts';

/** The name of the set to use: the wanted one, else the newest. `file` is named in the error. @throws {InputError} for a set that is not there. */
export function usedSet(stored: StoredSets, wanted: string | undefined, file?: string): string {
  const names = [RUN_SET, ...stored.list().map(({ info }) => info.name)];
  if (wanted !== undefined && !names.includes(wanted))
    throw new InputError({
      ...defined({ file }),
      message: `the run has no set of scores ${quote(wanted)}`,
      hint: suggest(wanted, names),
    });
  return wanted ?? names.at(-1) ?? RUN_SET;
}

/** Whether the set in use has no scores of an answer that another set has scores of. */
export function isUnscored({ outcome, scorers, scoreSets = [] }: Result): boolean {
  return outcome !== null && scorers.length === 0 && scoreSets.some((set) => set.scorers.length > 0);
}

/** What a report says of the sets; null when the run has only its own scores. `namesOf` returns the scorers of a set. */
export function scoreSetsOf(
  { scoreSets, runDefinition }: Pick<Progress, 'scoreSets' | 'runDefinition'>,
  info: RunInfo,
  wanted: string | undefined,
  { namesOf, unscored }: { readonly namesOf: (set: string) => readonly string[]; readonly unscored: number },
): ScoreSets | null {
  const made = scoreSets.list();
  if (made.length === 0) return null;
  const own = info.scorers ?? (runDefinition?.scorers ?? []).map(scorerInfo);
  return {
    unscored,
    used: usedSet(scoreSets, wanted),
    all: [
      { name: RUN_SET, scoredAt: null, scorers: own, names: namesOf(RUN_SET) },
      ...made.map(({ info: { name, scoredAt, scorers } }) => ({ name, scoredAt, scorers, names: namesOf(name) })),
    ],
  };
}

/** The scorers of a set as they were recorded. @throws {InputError} for a set that is not there. */
export function scorersUsed(
  { scoreSets, runDefinition }: Pick<Progress, 'scoreSets' | 'runDefinition'>,
  wanted: string | undefined,
): readonly ScorerConfig[] {
  const used = usedSet(scoreSets, wanted);
  const set = scoreSets.list().find(({ info }) => info.name === used);
  if (set === undefined) return runDefinition?.scorers ?? [];
  return set.info.scorers.map(({ version: _, ...config }) => ({ ...config, name: String(config['name']) }));
}

export interface OpenScoreSets {
  /** The result as it is without sets, or with the scores of all sets and those of the one in use. */
  apply(rowIndex: number, result: Result): Result;
  close(): void;
}

/** @throws {InputError} for a set that the run does not have. */
export async function openScoreSets(
  directory: string,
  stored: StoredSets,
  wanted: string | undefined,
): Promise<OpenScoreSets> {
  const used = usedSet(stored, wanted);
  const sets = await Promise.all(
    stored.list().map(async (set) => ({ ...set, reader: await openJournalReader(directory) })),
  );
  if (sets.length === 0) return { apply: (_, result) => result, close: () => {} };
  const scoresIn = ({ info, index, reader }: StoredSet & { readonly reader: LineReader }) => {
    return (rowIndex: number, result: Result): CellScores => {
      const at = index.get(rowIndex);
      const entry = at === null ? null : decodeLine(reader.line(at.offset, at.byteLength));
      const isOf = entry?.type === 'score' && isOfResult(entry.data, result);
      return isOf ? cellScores(entry.data) : withoutScores(info.name, result);
    };
  };
  const readers = sets.map(scoresIn);
  return {
    apply(rowIndex, result) {
      const all = [
        cellScores({ ...result, set: RUN_SET, target: result.sample.target }),
        ...readers.map((read) => read(rowIndex, result)),
      ];
      return under(
        all.find(({ set }) => set === used),
        all,
        result,
      );
    },
    close() {
      for (const { reader } of sets) reader.close();
    },
  };
}

type LineReader = Awaited<ReturnType<typeof openJournalReader>>;
type ScoreLine = Extract<ReturnType<typeof decodeLine>, { readonly type: 'score' }>['data'];

/** Another answer, or another row of the cell, makes scores void. */
function isOfResult(line: ScoreLine, result: Result): boolean {
  const { sampleId, modelId, repeat, judged } = line;
  const isCell = sampleId === result.sampleId && modelId === result.modelId && repeat === result.repeat;
  return isCell && judged === judgedHash(result);
}

function cellScores({ set, target, sampleKey, scorers, outcome, score, scores }: CellScores): CellScores {
  return { set, target, sampleKey, scorers, outcome, score, scores };
}

/** The answer came after the set was made, or the manifest of the set does not have the sample. */
function withoutScores(set: string, { sample, sampleKey, outcome }: Result): CellScores {
  const unjudged = outcome === 'unparsed' ? 'answered' : outcome;
  return { set, target: sample.target, sampleKey, scorers: [], outcome: unjudged, score: null, scores: [] };
}

/** The result with the scores of one set; a failure keeps its outcome. */
function under(scores: CellScores | undefined, scoreSets: readonly CellScores[], result: Result): Result {
  if (scores === undefined) return result;
  const { target, sampleKey, scorers, outcome, score, scores: list } = scores;
  const turns = scores.set === RUN_SET ? {} : withoutTurnScores(result);
  const shown = { sample: { ...result.sample, target }, sampleKey, scorers, score, scores: list, scoreSets, ...turns };
  if (result.status !== 'completed') return Object.assign({}, result, shown);
  const judged = outcome === 'filtered' || outcome === null ? result.outcome : outcome;
  return Object.assign({}, result, shown, { outcome: judged });
}

/** A set has no scores of single turns, and those of the run are of other scorers or targets. */
function withoutTurnScores({ turns }: Result): Pick<Result, 'turns'> {
  if (turns === undefined) return {};
  return { turns: turns.map(({ reply, ...turn }) => ({ ...turn, reply: reply && { ...reply, score: null } })) };
}
