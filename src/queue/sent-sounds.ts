/** The sounds of spoken answers on their way from a worker's folder to that of the run, beside their results. */

import { hash } from 'node:crypto';
import { defined } from '../collections/defined.ts';
import type { JournalEntry } from '../journal/journal-line.ts';
import { writeSound } from '../journal/sounds.ts';
import type { KeptSound } from '../result.ts';
import type { WarnOnce } from '../run/warn-once.ts';
import type { SentEntry, SentSound } from './results-stream.ts';

/** Of an entry, those that its worker has. `soundOf` returns the bytes in base64. */
export function soundsOf(entry: JournalEntry, soundOf: (sound: KeptSound) => string): readonly SentSound[] {
  return keptIn(entry).flatMap((sound) => {
    if (sound.isLost === true) return [];
    try {
      return [{ sound, base64: soundOf(sound) }];
    } catch {
      // The answer goes without it; the coordinator says so.
      return [];
    }
  });
}

/** Writes the sounds of an entry, and returns it with those marked that are lost. Never throws: the answer is paid for. */
export async function keepSounds(
  { entry, sounds }: SentEntry,
  folder: string,
  mode: number,
  warnOnce: WarnOnce,
): Promise<JournalEntry> {
  const lost = new Set<string>();
  for (const { sha256, isLost } of keptIn(entry)) if (isLost !== true) lost.add(sha256);
  for (const { sound, base64 } of sounds) {
    const reason = await keep(sound, Buffer.from(base64, 'base64'), folder, mode);
    if (reason === null) lost.delete(sound.sha256);
    else warnOnce('sound', `the sound of an answer could not be kept (${reason}) · its transcript is in the journal`);
  }
  return lost.size === 0 ? entry : withLost(entry, lost);
}

/** null = it is in the folder. */
async function keep(sound: KeptSound, bytes: Buffer, folder: string, mode: number): Promise<string | null> {
  if (hash('sha256', bytes) !== sound.sha256) return 'other bytes arrived than the worker had';
  try {
    await writeSound(folder, sound, [bytes], mode);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function keptIn(entry: JournalEntry): readonly KeptSound[] {
  if (entry.type === 'turn') return entry.data.answered.sound === undefined ? [] : [entry.data.answered.sound];
  if (entry.type !== 'result' || entry.data.status !== 'completed') return [];
  const { sound, earlierSounds = [] } = entry.data;
  return [...earlierSounds, sound].flatMap((kept) => kept ?? []);
}

function withLost(entry: JournalEntry, lost: ReadonlySet<string>): JournalEntry {
  const marked = (sound: KeptSound): KeptSound => (lost.has(sound.sha256) ? { ...sound, isLost: true } : sound);
  if (entry.type === 'turn') {
    const { answered } = entry.data;
    const sound = answered.sound && marked(answered.sound);
    return { ...entry, data: { ...entry.data, answered: { ...answered, ...defined({ sound }) } } };
  }
  if (entry.type !== 'result' || entry.data.status !== 'completed') return entry;
  const sound = entry.data.sound && marked(entry.data.sound);
  const earlierSounds = entry.data.earlierSounds?.map((one) => one && marked(one));
  return { ...entry, data: { ...entry.data, ...defined({ sound, earlierSounds }) } };
}
