/** Writes the newest results of several journals into one, each cell once. */

import { HashSet64 } from '../../collections/hash-set-64.ts';
import type { Journal } from '../../journal/journal.ts';
import { type JournalLine, scanJournal } from '../../journal/journal-scan.ts';
import { isDone, keyOf } from '../../journal/resume.ts';
import { copySound, soundFile } from '../../journal/sounds.ts';
import type { KeptSound, Result } from '../../result.ts';
import { quote } from '../../text/quote.ts';
import type { MergeSource } from './merge-sources.ts';

/** What became of the lines. */
export interface MergeCounts {
  /** Finished results of cells that an earlier run has, too: they are not taken. */
  readonly duplicates: number;
  /** USD that those results cost, as far as it is known. */
  readonly duplicatesUsd: number;
  /** One sentence each. */
  readonly warnings: readonly string[];
}

export interface MergeTarget {
  readonly journal: Journal;
  /** Absolute. */
  readonly folder: string;
  /** Permissions of new files, before the umask. */
  readonly mode: number;
}

/**
 * A cell has its first finished result in the order of the runs; without one, its first result. Replies of judges and turns
 * of unfinished conversations are kept, so that nothing is paid for twice.
 */
export async function mergeJournals(sources: readonly MergeSource[], target: MergeTarget): Promise<MergeCounts> {
  const rows = new HashSet64();
  const finished = new HashSet64();
  const judgements = new HashSet64();
  const otherRequests: string[] = [];
  const sounds = createSoundCopier(target);
  let duplicates = 0;
  let duplicatesUsd = 0;

  const isTaken = (source: MergeSource, cell: number, result: Result): boolean => {
    if (rows.add(String(cell)) === undefined) {
      sounds.add(source, result);
      return true;
    }
    if (!isDone(result)) return false;
    duplicates += 1;
    duplicatesUsd += result.costUsd ?? 0;
    if (!finished.has(keyOf(result)))
      otherRequests.push(`${quote(result.sampleId)} of ${result.modelId} in ${source.name}`);
    return false;
  };
  /** Cells with a finished answer, and what judges replied. */
  const addFinished = (source: MergeSource, { entry, offset }: JournalLine) => {
    if (entry.type === 'judgement') {
      if (entry.data.reply !== null && judgements.add(entry.data.key) === undefined) target.journal.append(entry);
    } else if (entry.type === 'result' && isNewest(source, entry.cell, offset) && isFinished(source, entry.data)) {
      if (!isTaken(source, entry.cell, entry.data)) return;
      finished.add(keyOf(entry.data));
      target.journal.append(entry);
    }
  };
  /** What a resumed run asks again. */
  const addOthers = (source: MergeSource, { entry, offset }: JournalLine) => {
    const { again, turns } = source.progress;
    if (entry.type === 'result') {
      if (!isNewest(source, entry.cell, offset) || isFinished(source, entry.data)) return;
      if (isTaken(source, entry.cell, entry.data)) target.journal.append(entry);
    } else if (entry.type === 'turn' || entry.type === 'again') {
      const key = keyOf(entry.data);
      if ((entry.type === 'turn' ? turns : again).has(key) && !finished.has(key)) target.journal.append(entry);
    }
  };

  for (const add of [addFinished, addOthers])
    for (const source of sources) {
      await scanJournal(source.directory, (line) => add(source, line));
      await sounds.copyAll();
    }
  return { duplicates, duplicatesUsd, warnings: [...otherRequestsWarning(otherRequests), ...sounds.warnings()] };
}

function isNewest({ progress }: MergeSource, cell: number, offset: number): boolean {
  return progress.index.get(cell)?.offset === offset;
}

function isFinished({ progress }: MergeSource, result: Result): boolean {
  return isDone(result) && !progress.again.has(keyOf(result));
}

/** Two machines had other bytes in a medium, or other values in their environment. */
function otherRequestsWarning(found: readonly string[]): readonly string[] {
  if (found.length === 0) return [];
  const more = found.length === 1 ? '' : ` and ${found.length - 1} more`;
  return [
    `the request of ${found[0]}${more} is another one than in the run before; the answer of the run before is kept`,
  ];
}

function createSoundCopier({ folder, mode }: MergeTarget) {
  const seen = new Set<string>();
  const waiting: { readonly from: string; readonly sound: KeptSound }[] = [];
  const lost: string[] = [];
  return {
    add({ directory }: MergeSource, result: Result) {
      if (result.status !== 'completed') return;
      for (const sound of [...(result.earlierSounds ?? []), result.sound]) {
        if (sound == null || sound.isLost === true || seen.has(sound.sha256)) continue;
        seen.add(sound.sha256);
        waiting.push({ from: directory, sound });
      }
    },
    async copyAll() {
      for (const { from, sound } of waiting.splice(0))
        await copySound(from, folder, sound, mode).catch(() => lost.push(soundFile(sound)));
    },
    warnings: () =>
      lost.length === 0 ? [] : [`sounds that could not be copied: ${lost.length}, the first is ${lost[0]}`],
  };
}
