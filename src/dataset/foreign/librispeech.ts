/** Folders of LibriSpeech: `speaker/chapter/`, each with clips and one transcript file. */

import { join } from 'node:path';
import { quote } from '../../text/quote.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow } from '../raw-row.ts';
import { type Line, readLines } from '../read-lines.ts';
import type { ForeignFormat } from './foreign-format.ts';
import { folderOf, listFiles } from './list-files.ts';

const TRANSCRIPT = /(?:^|\/)\d+-\d+\.trans\.txt$/u;
/** FLAC, as published, or what it was converted to: many models take no FLAC. */
const CLIP = /^(.*\/)?(\d+-\d+-\d+)\.(?:flac|wav|mp3|ogg)$/iu;

export const librispeech: ForeignFormat = {
  description: 'folders of LibriSpeech: clips beside *.trans.txt, at any level above; the transcript is the target',
  source: 'torchaudio: torchaudio/datasets/librispeech.py',
  extensions: [],
  shape: 'folder',
  matches: (file) => TRANSCRIPT.test(file),
  read: readLibriSpeech,
};

async function* readLibriSpeech(root: string, hasPrompt: boolean): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  let clips = new Map<string, string>();
  let transcripts: string[] = [];
  let folder = '';
  for await (const file of listFiles(root)) {
    if (folderOf(file) !== folder) {
      yield* readChapter(root, transcripts, clips, hasPrompt);
      clips = new Map();
      transcripts = [];
      folder = folderOf(file);
    }
    const id = CLIP.exec(file)?.[2];
    if (id !== undefined) clips.set(id, file);
    else if (TRANSCRIPT.test(file)) transcripts.push(file);
  }
  yield* readChapter(root, transcripts, clips, hasPrompt);
}

/** The samples of one folder, and the clips that its transcript does not have. */
async function* readChapter(
  root: string,
  transcripts: readonly string[],
  clips: Map<string, string>,
  hasPrompt: boolean,
): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  for (const file of transcripts)
    for await (const lines of readLines(join(root, file)))
      yield lines.flatMap((line) => rowOf(line, file, clips, hasPrompt));
  yield [...clips.values()].map((clip) => ({
    file: clip,
    message: 'has no line in a transcript (*.trans.txt)',
    hint: 'add it, or move the clip away',
  }));
}

const PROMPT = 'Transcribe the recording.';

function rowOf(
  { line, bytes, defect }: Line,
  file: string,
  clips: Map<string, string>,
  hasPrompt: boolean,
): readonly (NamedRow | Defect)[] {
  if (defect !== undefined) return [{ ...defect, file }];
  const text = bytes.toString('utf8').trim();
  if (text === '') return [];
  const [id = '', target = ''] = text.split(/ (.*)/su);
  const [speaker, chapter] = id.split('-');
  if (!/^\d+-\d+-\d+$/u.test(id)) return [{ file, line, message: `${quote(id)} is not the id of a clip` }];
  const audio = clips.get(id) ?? `${folderOf(file)}${id}.flac`;
  clips.delete(id);
  const meta = { speaker, chapter };
  const prompt = hasPrompt ? {} : { prompt: PROMPT };
  return [{ file, line, values: { id, ...prompt, audio, target, group: `speaker ${speaker}`, meta } }];
}
