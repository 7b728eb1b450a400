/** Tables of Common Voice: a clip in `clips/` and its sentence on each line. */

import { quote } from '../../text/quote.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow } from '../raw-row.ts';
import type { ForeignFormat } from './foreign-format.ts';
import { asMetadata } from './foreign-values.ts';
import { readTable, type TableCells } from './read-table.ts';

export const commonVoice: ForeignFormat = {
  description: 'tables of Common Voice, TSV: client_id, path (in clips/), sentence, age, gender, accents, ...',
  source: 'pytorch/audio: torchaudio/datasets/commonvoice.py; common-voice/cv-dataset: README.md',
  extensions: ['.tsv'],
  shape: 'table',
  precedence: 'prompt',
  matches: (names) => ['client_id', 'path', 'sentence'].every((name) => names.includes(name)),
  read: readCommonVoice,
};

const PROMPT = 'Transcribe the recording.';

async function* readCommonVoice(path: string, hasPrompt: boolean): AsyncGenerator<readonly (NamedRow | Defect)[]> {
  for await (const items of readTable(path))
    yield items.map((item) => ('message' in item ? item : toRow(item, hasPrompt)));
}

function toRow({ line, cells }: TableCells, hasPrompt: boolean): NamedRow | Defect {
  const { client_id, path, sentence, ...rest } = cells;
  if (path === undefined) return { line, message: 'has no "path"', hint: 'write the name of the clip' };
  if (sentence === undefined)
    return { line, message: `has no "sentence" for ${quote(path)}`, hint: 'write what is said' };
  const name = path.replace(/^.*\//u, '');
  return {
    line,
    values: {
      id: name.replace(/\.[a-z0-9]{2,4}$/iu, ''),
      ...(hasPrompt ? {} : { prompt: PROMPT }),
      audio: withEnding(path.includes('/') ? path : `clips/${path}`),
      target: sentence,
      ...(client_id === undefined ? {} : { group: `speaker ${client_id}` }),
      ...asMetadata(rest),
    },
  };
}

/** Old releases name clips without their ending. */
const withEnding = (path: string) => (/\.[a-z0-9]{2,4}$/iu.test(path) ? path : `${path}.mp3`);
