/** Datasets and results of OpenAI's hosted evals: `item` of a data source, or output items of a run. */

import { isRecord } from '../../text/is-record.ts';
import type { Defect } from '../defect.ts';
import type { NamedRow, Note } from '../raw-row.ts';
import type { ForeignFormat, Members } from './foreign-format.ts';
import { asMetadata, targetsOf } from './foreign-values.ts';
import { messagesOf } from './openai-messages.ts';
import { mapObjects, OBJECT_EXTENSIONS } from './read-objects.ts';

export const openaiHostedEvals: ForeignFormat = {
  description: "OpenAI's hosted evals, JSONL or JSON: item of a data source, or exported output items of a run",
  source:
    'openai/openai-python: src/openai/types/evals/create_eval_completions_run_data_source.py, runs/output_item_list_response.py',
  extensions: OBJECT_EXTENSIONS,
  shape: 'objects',
  matches: isItem,
  matchesDocument: ({ data }) => Array.isArray(data) && isRecord(data[0]) && isItem(data[0]),
  read: (path, hasPrompt) => mapObjects(path, (row) => toRow(row, hasPrompt), 'data'),
};

function isItem({ item, object, datasource_item }: Members): boolean {
  return isRecord(item) || (object === 'eval.run.output_item' && isRecord(datasource_item));
}

/** The schema of an item is the user's; these names are the ones in use. The first one counts. */
const QUESTIONS = ['messages', 'input', 'input_messages', 'input_trajectory', 'prompt', 'question', 'query'];
const TARGETS = ['target', 'ideal', 'expected', 'reference_answer', 'ground_truth', 'correct_label', 'label', 'answer'];

function toRow({ line, values }: NamedRow, hasPrompt: boolean): readonly (NamedRow | Defect | Note)[] {
  const item = isRecord(values['item']) ? values['item'] : values['datasource_item'];
  if (!isRecord(item)) return [{ line, message: 'has no "item"', hint: 'write {"item": {...}}' }];
  const { sample } = values;
  const asked =
    isRecord(sample) && Array.isArray(sample['input']) && sample['input'].length > 0 ? sample['input'] : null;
  const name = QUESTIONS.find((known) => (item[known] ?? null) !== null);
  if (asked === null && name === undefined && !hasPrompt) {
    const hint = `set dataset.prompt in the configuration, with {{name}} for members of the item`;
    return [{ line, message: 'has no question in its item', hint }];
  }
  const target = TARGETS.find((known) => (item[known] ?? null) !== null);
  const { [name ?? '']: question, [target ?? '']: answer, id, ...rest } = item;
  const columns = asked === null ? (name === undefined ? {} : questionOf(question)) : questionOf(asked);
  return [
    ...(sample === undefined ? [] : [{ line, note: 'recorded answers (sample) are not read' }]),
    {
      line,
      values: {
        id: id ?? values['datasource_item_id'],
        ...columns,
        target: targetsOf(answer),
        ...asMetadata(asked === null || name === undefined ? rest : { ...rest, [name]: question }),
      },
    },
  ];
}

const questionOf = (question: unknown): Members =>
  Array.isArray(question) ? { messages: messagesOf(question) } : { prompt: question };
